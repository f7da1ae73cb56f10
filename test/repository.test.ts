import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportFiles } from '../packages/replication/src/report/written-report.js';

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);

describe('the repository', () => {
  it('keeps download addresses out of the lockfile, so that any registry serves', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
  });

  it('has no dead link between its Markdown files', () => {
    const dead: string[] = [];
    for (const file of tracked.filter((name) => name.endsWith('.md'))) {
      const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '');
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:|#)/.test(target)) continue;
        const local = decodeURIComponent(target.split('#')[0]);
        if (!existsSync(path.join(path.dirname(file), local))) dead.push(`${file}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it('shows the claims of the committed results in the README and in the replication report', async () => {
    const made = { markdown: path.resolve('docs/replication-report.md'), readme: path.resolve('README.md') };
    const stale = (await reportFiles('.', 'laptop', made)).filter(({ isCurrent }) => !isCurrent);
    expect(
      stale.map(({ path: file }) => file),
      'run `npm run readme`',
    ).toEqual([]);
  });

  it('commits results of less than 25 MB in all', () => {
    const bytes = tracked
      .filter((name) => name.startsWith('results/') && existsSync(name))
      .reduce((sum, name) => sum + statSync(name).size, 0);
    expect(bytes).toBeLessThan(25e6);
  });

  it('commits no results of the profiles that are made anew on every machine', () => {
    expect(tracked.filter((name) => /^results\/[^/]+\/(smoke|quick)\//.test(name))).toEqual([]);
  });
});
