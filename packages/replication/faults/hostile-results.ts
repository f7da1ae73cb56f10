import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, type Table, writeFigure, writeTable } from '@hessian-rmt/plotting';
import type { Claim } from '../src/claim.js';
import { judge } from '../src/judge.js';
import { claimsMarkdown } from '../src/ledger.js';
import type { PaperCard } from '../src/report/paper-card.js';

/** What somebody might call a network, a series or an experiment so that a reader's browser does something for them. */
export const hostileNames: readonly string[] = [
  '<img src=x onerror="window.pwned=1">',
  '"><script>window.pwned=1</script>',
  "'-window.pwned=1-'",
  '</script><script>window.pwned=1</script>',
  '</title></style></textarea></noscript><svg onload=window.pwned=1>',
  '<svg><a xlink:href="javascript:window.pwned=1"><text>here</text></a></svg>',
  'javascript:window.pwned=1//',
  '[here](javascript:window.pwned=1)',
  '![here](https://example.org/pixel.png)<iframe srcdoc="<script>parent.pwned=1</script>">',
  ']]><!--<foreignObject><body onload=window.pwned=1>--><![CDATA[',
  '&lt;script&gt;window.pwned=1&lt;/script&gt;&#60;img src=x&#62;',
  'a | b \\| c \\\\| d `code` **bold** ~~gone~~\n# heading\n| x |',
  'one\u2028two\u2029</script><script>window.pwned=1</script>',
  'safe\u202e>tpircs/<1=denwp\u202c\u2066<b>\u2069',
  'a\u0000b\u001b]0;title\u0007<b onclick=window.pwned=1>\ud800\ufffe',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  '{{constructor.constructor("window.pwned=1")()}}%3Cscript%3E`${0}`__proto__',
].map((name) => name.replaceAll('$', '\\$'));

/** The same as the name of a folder: no slash, no NUL, no leading dot, no half of a pair. */
export const folderName = (name: string): string =>
  name.replaceAll('/', '\u2215').replaceAll('\u0000', '').replaceAll('\ud800', '').replace(/^\.+/, '') || 'none';

export function hostileFigure(name: string): Figure {
  const marks: Figure['panels'][number]['marks'] = [
    { kind: 'line', label: name, x: [0, 1, 2], y: [0, 1, 0] },
    { kind: 'points', label: `p ${name}`, x: [0, 1], y: [1, 1] },
    { kind: 'histogram', label: `h ${name}`, edges: [0, 1, 2], heights: [1, 2] },
    { kind: 'rule', label: name, x: 1 },
  ];
  const x = { label: name, ticks: [{ at: 1, label: name }] };
  const panel = { title: name, x, y: { label: name }, marks };
  return {
    id: 'figure-1',
    title: name,
    caption: name,
    profile: name,
    panels: [panel, { ...panel, title: `2 ${name}` }],
  };
}

export function hostileTable(name: string): Table {
  return {
    id: 'table-1',
    title: name,
    caption: name,
    columns: [{ header: name }, { header: `n ${name}`, format: '.1f' }],
    rows: [
      [name, 1],
      ['plain', 2],
    ],
  };
}

/** Claims of which every text is this one; their numbers and verdicts go together, as a ledger demands. */
export function hostileClaims(name: string): readonly Claim[] {
  const made = judge.value({
    id: 'T1.gap',
    place: 'Figure 1',
    statement: 'the gap',
    published: { expression: 'a', scope: { a: 1 } },
    samples: [1],
    within: { absolute: 0.5 },
    because: 'the paper says so',
    atPublishedSize: true,
  });
  const texts = { place: name, statement: name, how: name, reason: name };
  const formula = { expression: name, scope: { [name]: 1 } };
  return [
    { ...made, ...texts, formula, figure: 'figures/figure-1.svg' },
    {
      ...made,
      ...texts,
      formula,
      id: 'T2.gap',
      verdict: 'not reproduced',
      measured: 9,
      interval: [9, 9],
      figure: name,
    },
  ].map((claim) => ({
    ...claim,
    figure: claim.figure.replaceAll(/[\p{Cc}\p{Cs}]|\.\./gu, '').replace(/^\/+/, ''),
  })) as Claim[];
}

/** A repository whose results are made of this name wherever a name can stand. */
export async function writeHostileResults(root: string, name: string, order: number): Promise<string> {
  const experiment = `${order} ${folderName(name)}`.slice(0, 60);
  const sources = join(root, 'experiments', experiment);
  mkdirSync(join(sources, 'src'), { recursive: true });
  writeFileSync(join(sources, 'src', 'figure-1.ts'), '');
  writeFileSync(join(sources, 'README.md'), `# ${name}\n`);
  const card: Omit<PaperCard, 'experiment'> = {
    name,
    order,
    title: name,
    authors: name,
    year: 2020,
    at: name,
    answer: name,
    groups: { T1: name, T2: `Added here: ${name}` },
  };
  writeFileSync(join(sources, 'paper.json'), JSON.stringify(card));
  for (const folder of ['laptop', folderName(name)]) {
    const directory = join(root, 'results', experiment, folder);
    await writeFigure(directory, hostileFigure(name));
    await writeTable(directory, hostileTable(name));
    const file = join(directory, 'figures', `${folderName(name).slice(0, 60)}`);
    for (const ending of ['json', 'svg'])
      copyFileSync(join(directory, `figures/figure-1.${ending}`), `${file}.${ending}`);
    const claims = hostileClaims(name);
    writeFileSync(join(directory, 'claims.json'), JSON.stringify(claims));
    writeFileSync(join(directory, 'claims.md'), claimsMarkdown(claims));
    const part = {
      id: name,
      place: name,
      module: 'src/figure-1.ts',
      figures: [name],
      claims: ['T1.gap'],
      settings: { [name]: name },
    };
    const manifest = {
      command: name,
      profile: name,
      seed: name,
      sources: name,
      node: name,
      backends: [name],
      changed: { [name]: name },
      parts: [part, { ...part, module: name, claims: ['T2.gap'] }],
      datasets: [{ name, checksum: name }],
      packages: { [name]: name },
      redrawn: { command: name, files: [name] },
    };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
    const kinds = { [name]: { units: 2, seconds: 3, longest: 2 } };
    const run = { seconds: 5, started: name, commit: name, processor: name, linearAlgebra: name, node: name, kinds };
    writeFileSync(join(directory, 'run.json'), JSON.stringify(run));
  }
  return experiment;
}
