import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestPart } from './read-manifest.js';

/**
 * Sources of what a run made, as links from results/: `../experiments/NAME/src/figure-3.ts`. The manifest says which part
 * made what; one that is older than these fields is read by convention, a part being called after its figures.
 *
 * Only sources that are there are told.
 */
export class Sources {
  constructor(
    private readonly root: string,
    private readonly experiment: string,
    private readonly parts: readonly ManifestPart[],
  ) {}

  /** @param file  `figures/figure-3.svg` or `tables/table-1.md` */
  ofFile(file: string): string | null {
    const name = file.replace(/^.*\/|\.[a-z]+$/g, '');
    const part =
      this.parts.find(({ figures = [], tables = [] }) => figures.includes(file) || tables.includes(file)) ??
      this.parts.find(({ id }) => id === name) ??
      this.parts.find(({ id }) => coversFigure(id, name)) ??
      this.parts.findLast(({ id }) => name.startsWith(`${id}-`));
    return this.link(part?.module ?? `src/${part?.id ?? name}.ts`);
  }

  /** @param figure  the claim's figure, for manifests that do not list claims */
  ofClaim(id: string, figure: string | null): string | null {
    const part = this.parts.find(({ claims = [] }) => claims.includes(id));
    if (part) return this.link(part.module ?? `src/${part.id}.ts`);
    return figure === null ? null : this.ofFile(figure);
  }

  private link(module: string): string | null {
    if (!/^src\/[\w./-]+\.ts$/.test(module) || module.includes('..')) return null;
    return existsSync(join(this.root, 'experiments', this.experiment, module))
      ? `../experiments/${this.experiment}/${module}`
      : null;
  }
}

/** `figures-2-3` makes figure-2 and figure-3; `figure-6` makes figure-6b. */
function coversFigure(part: string, name: string): boolean {
  const [, from, to = from] = /^figures?-(\d+)(?:-(\d+))?$/.exec(part) ?? [];
  const [, figure] = /^figure-(\d+)/.exec(name) ?? [];
  return from !== undefined && figure !== undefined && Number(figure) >= Number(from) && Number(figure) <= Number(to);
}
