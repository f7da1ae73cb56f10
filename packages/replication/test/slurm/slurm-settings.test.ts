import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bytesOfMemory,
  checkedSetting,
  mergeSlurmSettings,
  readSlurmSettings,
  type SlurmSettings,
  secondsOfTime,
  settingsOfEnvironment,
} from '../../src/slurm/slurm-settings.js';
import { temporaryFolder } from '../temporary.js';

const fileOf = (content: string) => {
  const file = join(temporaryFolder(), 'slurm.json');
  writeFileSync(file, content);
  return file;
};

it('a file holds settings by their names', async () => {
  const settings = {
    partition: 'main',
    account: 'physics',
    time: 90,
    memory: '4G',
    cpus: 2,
    gpus: 1,
    tasksAtOnce: 100,
    sbatch: ['--constraint=haswell', 'exclusive'],
    setup: ['module load nodejs'],
    environment: { OPENBLAS_CORETYPE: 'Haswell', EMPTY: '' },
    packetMinutes: 0.5,
    node: '/opt/node/bin/node',
  };
  expect(await readSlurmSettings(fileOf(JSON.stringify(settings)))).toEqual({
    ...settings,
    time: '90',
    gpus: '1',
    sbatch: ['--constraint=haswell', '--exclusive'],
  });
});

it.each([
  ['{"partition": "main",', /slurm\.json: not JSON: /],
  ['[]', /slurm\.json: expected an object, as \{"partition": "main"\}; found \[\]/],
  [
    '{"partion": "main"}',
    /slurm\.json: expected settings among partition, .*; found "partion" \(did you mean partition\?\)/,
  ],
  ['{"__proto__": 1}', /slurm\.json: expected settings among .*; found "__proto__"/],
  ['{"partition": "a b"}', /slurm\.json: partition: expected the name of a partition; found "a b"/],
  ['{"partition": "a\\n#SBATCH --uid=0"}', /partition: expected the name of a partition; found "a\\n#SBATCH --uid=0"/],
  ['{"time": "1h"}', /time: expected a time as 90 \(minutes\), 1:30:00 or 1-12 \(days-hours\); found "1h"/],
  ['{"time": 0}', /time: expected a time as .*; found 0/],
  ['{"memory": "4GB"}', /memory: expected a memory as 4G or 500M, or 0 for all of a node; found "4GB"/],
  ['{"memory": 4096}', /memory: expected a memory as 4G or 500M, or 0 for all of a node; found 4096/],
  ['{"cpus": "4"}', /cpus: expected a whole number from 1; found "4"/],
  ['{"gpus": "a100:0"}', /gpus: expected a number of GPUs, as 1 or a100:2; found "a100:0"/],
  ['{"tasksAtOnce": 1.5}', /tasksAtOnce: expected a whole number from 1; found 1\.5/],
  ['{"setup": "module load nodejs"}', /setup: expected a list of lines for the shell, .*; found "module load nodejs"/],
  ['{"setup": ["a\\nb"]}', /setup: expected a list of lines for the shell, .*; found \["a\\nb"\]/],
  ['{"environment": {"A B": "x"}}', /environment: expected variables .*; found \{"A B":"x"\}/],
  ['{"environment": {"A": "x\\u0000"}}', /environment: expected variables /],
  ['{"environment": {"HESSIAN_RMT_CACHE": "/x"}}', /environment: expected variables but HESSIAN_RMT_CACHE, /],
  ['{"packetMinutes": 0}', /packetMinutes: expected a number above 0; found 0/],
  ['{"node": ""}', /node: expected a command that starts Node, .*; found ""/],
  ['{"sbatch": ["-p x"]}', /sbatch: expected an option of sbatch, as --constraint=haswell; found "-p x"/],
  ['{"sbatch": ["--time=1"]}', /sbatch: expected an option of sbatch, .*; found "--time=1", which is the setting time/],
  [
    '{"sbatch": ["array=0-9"]}',
    /sbatch: expected an option of sbatch, .*; found "array=0-9", which the run sets itself/,
  ],
])('%s is refused with file, name, and what was expected and found', async (content, message) => {
  await expect(readSlurmSettings(fileOf(content))).rejects.toThrow(message);
});

it('what no file or option says is left out, and later settings count more', () => {
  expect(mergeSlurmSettings({})).toEqual({ sbatch: [], setup: [], environment: {}, packetMinutes: 10 });
  const file = {
    partition: 'main',
    memory: '4G',
    sbatch: ['--exclusive', '--constraint=a'],
    environment: { A: '1', B: '2' },
    setup: ['x'],
  };
  expect(mergeSlurmSettings(file, { memory: '8G', sbatch: ['--constraint=b'], environment: { B: '3' } })).toEqual({
    partition: 'main',
    memory: '8G',
    sbatch: ['--exclusive', '--constraint=b'],
    environment: { A: '1', B: '3' },
    setup: ['x'],
    packetMinutes: 10,
  });
});

it('partition and account that a site sets for sbatch count', () => {
  const environment = { SBATCH_PARTITION: 'debug', SBATCH_ACCOUNT: '', SBATCH_TIMELIMIT: '5' };
  expect(settingsOfEnvironment(environment)).toEqual({ partition: 'debug' });
  expect(() => settingsOfEnvironment({ SBATCH_ACCOUNT: 'a b' })).toThrow(
    'SBATCH_ACCOUNT: expected the name of an account; found "a b"',
  );
});

it('times and memories are read as Slurm reads them', () => {
  const times = { '90': 5400, '90:30': 5430, '1:30:00': 5400, '1-12': 129600, '1-12:30': 131400, '1-00:00:01': 86401 };
  for (const [text, seconds] of Object.entries(times)) expect(secondsOfTime(text)).toBe(seconds);
  expect(['1K', '500M', '4G', '2T'].map(bytesOfMemory)).toEqual([1024, 500 * 2 ** 20, 2 ** 32, 2 ** 41]);
});

it('no text that is taken holds a second line', () => {
  const names: (keyof SlurmSettings)[] = ['partition', 'account', 'time', 'memory', 'gpus', 'node'];
  const text = fc.string({ unit: fc.constantFrom('a', '1', 'G', ':', '-', ' ', '\n', '\r', '\0', '\u2028', '#') });
  fc.assert(
    fc.property(fc.constantFrom(...names), text, (name, value) => {
      let taken: unknown;
      try {
        taken = checkedSetting(name, value, name);
      } catch {
        return;
      }
      expect(taken).toBe(value);
      expect(value).not.toMatch(/[\n\r\0\u2028]/);
    }),
    { seed: 1, numRuns: 500 },
  );
});
