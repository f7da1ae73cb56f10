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
    const part = this.partOf(file);
    return this.sourceOf(part ?? { id: nameOf(file) });
  }

  /** Files in the order of the parts that made them, which is that of the paper; those of no known part come last. */
  inOrder(files: readonly string[]): readonly string[] {
    const rankOf = (file: string) => {
      const part = this.partOf(file);
      return part === undefined ? this.parts.length : this.parts.indexOf(part);
    };
    return [...files].sort((one, other) => rankOf(one) - rankOf(other));
  }

  private partOf(file: string): ManifestPart | undefined {
    const name = nameOf(file);
    return (
      this.parts.find(({ figures = [], tables = [] }) => figures.includes(file) || tables.includes(file)) ??
      this.parts.find(({ id }) => id === name) ??
      this.parts.find(({ id }) => coversFigure(id, name)) ??
      this.parts.findLast(({ id }) => name.startsWith(`${id}-`))
    );
  }

  /** @param figure  the claim's figure, for manifests that do not list claims */
  ofClaim(id: string, figure: string | null): string | null {
    const part = this.parts.find(({ claims = [] }) => claims.includes(id));
    if (part) return this.sourceOf(part);
    return figure === null ? null : this.ofFile(figure);
  }

  /** Of a part that names no module the one called after it, else after its beginning: `audit-7850-...` is in `audit`. */
  private sourceOf({ id, module }: ManifestPart): string | null {
    if (typeof module === 'string') return this.link(module);
    for (let name = id; name !== ''; name = name.replace(/-?[^-]*$/, '')) {
      const link = this.link(`src/${name}.ts`);
      if (link !== null) return link;
    }
    return null;
  }

  private link(module: string): string | null {
    if (!/^src\/[\w./-]+\.ts$/.test(module) || module.includes('..')) return null;
    return existsSync(join(this.root, 'experiments', this.experiment, module))
      ? `../experiments/${encodeURIComponent(this.experiment)}/${module}`
      : null;
  }
}

function nameOf(file: string): string {
  return file.replace(/^.*\/|\.[a-z]+$/g, '');
}

/** `figures-2-3` makes figure-2 and figure-3; `figure-6` makes figure-6b. */
function coversFigure(part: string, name: string): boolean {
  const [, from, to = from] = /^figures?-(\d+)(?:-(\d+))?$/.exec(part) ?? [];
  const [, figure] = /^figure-(\d+)/.exec(name) ?? [];
  return from !== undefined && figure !== undefined && Number(figure) >= Number(from) && Number(figure) <= Number(to);
}
