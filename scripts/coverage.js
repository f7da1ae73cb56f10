// Writes docs/coverage.md from coverage-places.js and the committed results; with --check only says whether it is current.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { papers } from './coverage-places.js';

const page = 'docs/coverage.md';
const belongs =
  ({ files, claims = [] }) =>
  ({ id, figure }) =>
    figure === null ? claims.some((start) => id.startsWith(start)) : files.includes(figure);

const profiles = ['smoke', 'quick', 'laptop', 'paper'];
const committed = ['laptop', 'paper'];
const verdicts = ['reproduced', 'not reproduced', 'not comparable'];
const problems = [];

/** Numbers of the figures or tables that a place names: `Figures 13 to 19` -> 13 ... 19. */
function numbersOf(kind, place) {
  const list = new RegExp(`^${kind}s? (\\d+(?:(?:, | to )\\d+)*)`).exec(place)?.[1];
  return (list ?? '')
    .split(', ')
    .filter(Boolean)
    .flatMap((range) => {
      const [from, to = from] = range.split(' to ').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
}

function checkPaper({ experiment, title, figures, tables, places }, runs) {
  for (const [kind, count] of [
    ['Figure', figures],
    ['Table', tables],
  ]) {
    const named = places.flatMap(({ place }) => numbersOf(kind, place));
    for (let i = 1; i <= count; i++) if (!named.includes(i)) problems.push(`${title}: ${kind} ${i} is in no row`);
    for (const i of named) if (!(i <= count)) problems.push(`${title}: there is no ${kind} ${i}`);
  }
  const files = new Set(places.flatMap((one) => one.files));
  for (const { profile, claims, drawn } of runs) {
    for (const file of drawn) if (!files.has(file)) problems.push(`${experiment}, ${profile}: ${file} is in no row`);
    for (const { id, figure } of claims) {
      if (!places.some((place) => belongs(place)({ id, figure })))
        problems.push(`${experiment}, ${profile}: the claim ${id} (${figure}) is in no row`);
    }
  }
  for (const { place, state, sizeAt, code, files: own, differs } of places) {
    const name = `${title}, ${place}`;
    const shownAt = runs.filter(({ drawn }) => own.some((file) => drawn.includes(file))).map(({ profile }) => profile);
    if (
      state === 'done' &&
      profiles.includes(sizeAt) &&
      !shownAt.some((at) => profiles.indexOf(at) >= profiles.indexOf(sizeAt))
    ) {
      problems.push(`${name}: said to be done, but no committed result has the profile ${sizeAt}`);
    }
    if (state === 'done' && sizeAt === 'lost') problems.push(`${name}: nothing whose size is lost can be done`);
    if (state !== 'done' && !differs) problems.push(`${name}: ${state}, and why is not said`);
    if ((state === 'not done') !== (shownAt.length === 0))
      problems.push(`${name}: ${state}, shown at ${shownAt.join() || 'no profile'}`);
    if (code && !existsSync(`experiments/${experiment}/src/${code}.ts`))
      problems.push(`${name}: no module src/${code}.ts`);
  }
}

/** The committed runs of an experiment: their claims and what they draw. */
function runsOf(experiment) {
  return committed
    .map((profile) => ({ profile, folder: `results/${experiment}/${profile}` }))
    .filter(({ folder }) => existsSync(`${folder}/claims.json`))
    .map(({ profile, folder }) => ({
      profile,
      folder,
      claims: JSON.parse(readFileSync(`${folder}/claims.json`, 'utf8')),
      drawn: [
        ['figures', '.svg'],
        ['tables', '.md'],
      ].flatMap(([kind, extension]) =>
        (existsSync(`${folder}/${kind}`) ? readdirSync(`${folder}/${kind}`) : [])
          .filter((file) => file.endsWith(extension))
          .map((file) => `${kind}/${file}`),
      ),
    }));
}

function rowOf(row, experiment, runs) {
  const { place, what, state, sizeAt, code, files, differs } = row;
  const shown = runs.flatMap(({ profile, folder, drawn }) => {
    const first = files.find((file) => drawn.includes(file));
    return first ? [`[${profile}](../${folder}/${first})`] : [];
  });
  const claims = runs.find(({ profile }) => profile === 'laptop')?.claims.filter(belongs(row)) ?? [];
  const groups = [...new Set(claims.map(({ id }) => id.split('.')[0]))];
  const counts = verdicts.map((verdict) => claims.filter((claim) => claim.verdict === verdict).length);
  return [
    place,
    what,
    state === 'done' ? '**done**' : state,
    { none: '–', lost: 'lost' }[sizeAt] ?? `\`${sizeAt}\``,
    shown.join(', ') || '–',
    code ? `[${code}](../experiments/${experiment}/src/${code}.ts)` : '–',
    groups.length > 0 ? `${groups.join(', ')}: ${counts.join(' / ')}` : '–',
    differs,
  ];
}

const header = ['in the paper', 'what', 'state', 'published size at', 'committed', 'code', 'claims', 'what differs'];
const sections = papers.map((paper) => {
  const runs = runsOf(paper.experiment);
  checkPaper(paper, runs);
  const rows = paper.places.map((place) => rowOf(place, paper.experiment, runs));
  return [
    `## ${paper.title}`,
    '',
    `[Theory](theory/${paper.theory}.md), [experiment](../experiments/${paper.experiment}/README.md).`,
    '',
    `| ${header.join(' | ')} |`,
    `|${header.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
});
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

const states = papers.map(({ title, places }) => {
  const count = (state) => places.filter((place) => place.state === state).length;
  return `| ${title} | ${places.length} | ${count('done')} | ${count('in part')} | ${count('not done')} |`;
});
const text = `# Coverage

Every figure, table and numbered statement of the four papers, and what of it is done here. Written by \`node scripts/coverage.js\` from
[\`scripts/coverage-places.js\`](../scripts/coverage-places.js) and the committed results; a test holds it against both.

- **done**: at the published size, or a statement that has none. *in part*: at another size or on other data; the last column says which.
- *published size at*: the profile that has it; \`lost\` where our text of the paper does not have it; – where there is none. Each part runs at every
  profile (a few conditions of published size are parts of their own and skip the small ones); not every profile is committed.
- *committed*: results in this repository that show it. *claims*: group in the ledger, with the number reproduced / not reproduced / not comparable
  at \`laptop\`. Done says nothing about the verdict.

| paper | rows | done | in part | not done |
|---|---|---|---|---|
${states.join('\n')}

${sections.join('\n\n')}
`;

if (process.argv.includes('--check')) {
  if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    console.error(`${page} is not that of the committed results: run \`node scripts/coverage.js\``);
    process.exit(1);
  }
} else {
  writeFileSync(page, text);
}
