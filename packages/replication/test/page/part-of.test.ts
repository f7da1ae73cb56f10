import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Sources } from '../../src/page/part-of.js';
import type { ManifestPart } from '../../src/page/read-manifest.js';
import { temporaryFolder } from '../temporary.js';

function sourcesOf(parts: readonly ManifestPart[], ...files: string[]): Sources {
  const root = temporaryFolder();
  mkdirSync(join(root, 'experiments/toy/src'), { recursive: true });
  for (const file of files) writeFileSync(join(root, 'experiments/toy/src', file), '');
  return new Sources(root, 'toy', parts);
}
const link = (file: string) => `../experiments/toy/src/${file}`;

describe('the source of what a run made', () => {
  it('is the module of the part that the manifest names', () => {
    const part = { id: 'appendix-h', module: 'src/appendices.ts', figures: ['figures/growth.svg'], claims: ['S1.a'] };
    const sources = sourcesOf([part], 'appendices.ts', 'growth.ts');
    expect(sources.ofFile('figures/growth.svg')).toBe(link('appendices.ts'));
    expect(sources.ofClaim('S1.a', null)).toBe(link('appendices.ts'));
    expect(sources.ofClaim('S1.b', null)).toBe(null);
  });

  it('is found by convention for manifests that name none', () => {
    const parts = ['figures-2-3', 'figure-6', 'audit-7850', 'theorem-1'].map((id) => ({ id }));
    const sources = sourcesOf(parts, 'figures-2-3.ts', 'figure-6.ts', 'audit.ts', 'theorem-1.ts', 'closed-forms.ts');
    expect(sources.ofFile('figures/figure-3.svg')).toBe(link('figures-2-3.ts'));
    expect(sources.ofFile('figures/figure-6b.svg')).toBe(link('figure-6.ts'));
    expect(sources.ofFile('tables/audit-7850.md')).toBe(link('audit.ts'));
    expect(sources.ofFile('figures/theorem-1-law.svg')).toBe(link('theorem-1.ts'));
    expect(sources.ofFile('figures/closed-forms.svg')).toBe(link('closed-forms.ts'));
    expect(sources.ofClaim('S3.k', 'figures/figure-2.svg')).toBe(link('figures-2-3.ts'));
    expect(sources.ofFile('figures/figure-4.svg')).toBe(null);
  });

  it('is never outside the package', () => {
    const parts = [{ id: 'a', module: '../../secret.ts', figures: ['figures/a.svg'] }];
    expect(sourcesOf(parts, 'a.ts').ofFile('figures/a.svg')).toBe(null);
  });

  it('orders files as the parts stand in the manifest', () => {
    const sources = sourcesOf([{ id: 'table-1' }, { id: 'figures-2-3' }]);
    const files = ['figures/other.svg', 'figures/figure-2.svg', 'figures/figure-3.svg', 'figures/table-1.svg'];
    expect(sources.inOrder(files)).toEqual([files[3], files[1], files[2], files[0]]);
  });
});
