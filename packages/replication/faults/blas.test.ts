import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Command, lasting, wholeUnits } from '../test/command.js';
import { forgeLibrary, loadedOpenBlas } from '../test/forged-library.js';
import { commandScript, ownEnvironment, Project } from '../test/project.js';
import { temporaryFolder } from '../test/temporary.js';
import { sized, tell } from './figures.js';
import { leftAside } from './witnessed-run.js';

await linearAlgebra({ threads: 1 });
const openBlas = loadedOpenBlas();

/** Something that takes the place of the library in one step. */
type Replace = (path: string, aside: string) => void;

const whatHappens: readonly (readonly [string, Replace, RegExp])[] = [
  ['is removed', (path) => rmSync(path), /'\S+' cannot be used as BLAS and LAPACK: Failed to load shared library/],
  [
    'is replaced by a text',
    (path, aside) => {
      writeFileSync(aside, 'no library');
      renameSync(aside, path);
    },
    /'\S+' cannot be used as BLAS and LAPACK: Failed to load shared library/,
  ],
  [
    'is cut short',
    (path, aside) => {
      copyFileSync(path, aside);
      writeFileSync(aside, new Uint8Array(5000), { flag: 'r+' });
      renameSync(aside, path);
    },
    /'\S+' cannot be used as BLAS and LAPACK: Failed to load shared library/,
  ],
  [
    'becomes a link to another that answers nonsense',
    (path, aside) => {
      forgeLibrary(openBlas!, `${aside}.so`, 'cblas_dgemm', 'cblas_sgemm');
      symlinkSync(`${aside}.so`, aside);
      renameSync(aside, path);
    },
    /a product of known answer 5, 11, 14, 23 came out as 0, 0, 0, 0/,
  ],
];

describe.skipIf(!openBlas)('a BLAS library (skipped without OpenBLAS, and not on Linux)', () => {
  test.each(sized({ long: whatHappens, short: [whatHappens[0], whatHappens[3]] }))(
    'that %s between the plan and the units fails those that do not find it, and no others',
    async (how, replace, reason) => {
      const project = new Project(['toy']);
      onTestFinished(() => project.remove());
      const folder = temporaryFolder();
      const path = join(folder, 'lib', 'libopenblas.so.0');
      mkdirSync(join(folder, 'lib'));
      copyFileSync(openBlas!, path);
      const place = { HESSIAN_RMT_BLAS: path, TOY_DELAY: '200' };
      const args = ['reproduce', '--profile', 'quick', '--cores', '1'];
      const run = new Command([commandScript, ...args], { cwd: project.root, env: { ...ownEnvironment(), ...place } });
      await run.until('[2/6]');
      replace(path, join(folder, 'lib', 'aside'));
      expect(await run.end()).toBe(1);
      const reasons = [...run.output.matchAll(/^FAILED squares .*?, repetition \d: (.*)$/gm)].map(([, text]) => text);
      const cache = join(project.root, '.hessian-rmt');
      const kept = (await wholeUnits(cache)).length;
      tell('BLAS library', `${how}: ${reasons.length} units refused, ${kept} kept`);
      expect(kept).toBeGreaterThanOrEqual(2);
      expect(reasons).toHaveLength(6 - kept);
      for (const text of reasons) {
        expect(text).toMatch(/^The run was planned for OpenBLAS .*, which this unit's process cannot use: /);
        expect(text).toMatch(reason);
      }
      expect(run.output).not.toMatch(/^ +at /m);
      expect(leftAside(project.root)).toEqual([]);

      // With the library back as it was, the same run goes on.
      rmSync(path, { force: true });
      copyFileSync(openBlas!, path);
      const resumed = await project.runWith(place, ...args);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(resumed.stdout).toContain(`6 units, ${kept} in the store, ${6 - kept} to compute`);
      expect(Object.keys(lasting(project.root, 'toy', 'quick'))).toContain('/manifest.json');
    },
  );
});
