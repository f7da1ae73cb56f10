/** What of the claims is listed. */
export interface Filters {
  /** Experiment; empty for all papers. */
  readonly paper: string;
  /** Empty for all three. */
  readonly verdicts: readonly string[];
  /** Empty for the main folder of each paper, `*` for all folders. */
  readonly folder: string;
  readonly text: string;
}

/** What the page shows. It stands in the address behind `#`, so that a view can be sent and the browser's back works. */
export type Route =
  | { readonly view: 'claims'; readonly filters: Filters; readonly claim: ClaimPlace | null }
  | { readonly view: 'folder'; readonly experiment: string; readonly folder: string; readonly at: string | null };

/** A claim of a results folder. */
export interface ClaimPlace {
  readonly experiment: string;
  readonly folder: string;
  readonly id: string;
}

export const noFilters: Filters = { paper: '', verdicts: [], folder: '', text: '' };

/** Reads `#results=EXPERIMENT/FOLDER&at=figure-3`, `#claim=EXPERIMENT/FOLDER/S4.gap`, `#paper=...&verdict=...&folder=...&text=...`. */
export function routeOf(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const results = fields.get('results')?.split('/');
  if (results?.length === 2) {
    return { view: 'folder', experiment: results[0], folder: results[1], at: fields.get('at') };
  }
  const claim = fields.get('claim')?.split('/');
  if (claim?.length === 3) {
    const [experiment, folder, id] = claim;
    return { view: 'claims', filters: { ...noFilters, paper: experiment, folder }, claim: { experiment, folder, id } };
  }
  const filters: Filters = {
    paper: fields.get('paper') ?? '',
    verdicts: (fields.get('verdict') ?? '').split(',').filter(Boolean),
    folder: fields.get('folder') ?? '',
    text: fields.get('text') ?? '',
  };
  return { view: 'claims', filters, claim: null };
}

export function claimsHash({ paper, verdicts, folder, text }: Partial<Filters>): string {
  const fields = new URLSearchParams();
  if (paper) fields.set('paper', paper);
  if (verdicts && verdicts.length > 0) fields.set('verdict', verdicts.join(','));
  if (folder) fields.set('folder', folder);
  if (text) fields.set('text', text);
  return `#${readable(fields)}`;
}

export function claimHash({ experiment, folder, id }: ClaimPlace): string {
  return `#${readable(new URLSearchParams({ claim: `${experiment}/${folder}/${id}` }))}`;
}

export function folderHash(experiment: string, folder: string, at?: string): string {
  return `#${readable(new URLSearchParams({ results: `${experiment}/${folder}`, ...(at ? { at } : {}) }))}`;
}

/** A slash needs no escape behind `#`. */
function readable(fields: URLSearchParams): string {
  return fields.toString().replaceAll('%2F', '/').replaceAll('%2C', ',');
}
