import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const papers = [
  { page: 'sagun-2017', author: /Sagun et al\.(?: 2017)?/, experiment: 'gauss-newton-outliers', sections: false },
  // All digits of its equation numbers are lost in our text, so the code cites it by section.
  {
    page: 'pennington-bahri-2017',
    author: /Pennington (?:&|and) Bahri(?: 2017)?/,
    experiment: 'free-probability-index',
    sections: true,
  },
  {
    page: 'baskerville-2021',
    author: /Baskerville et al\.(?: 2021)?/,
    experiment: 'spacing-statistics',
    sections: false,
  },
  {
    page: 'granziol-2020',
    author: /Granziol et al\.(?: 2020)?/,
    experiment: 'true-vs-empirical-broadening',
    sections: false,
  },
] as const;
type Paper = (typeof papers)[number];

const kinds: Readonly<Record<string, string>> = {
  eq: 'Eq.',
  theorem: 'Theorem',
  thm: 'Theorem',
  lemma: 'Lemma',
  assumption: 'Assumption',
  app: 'Appendix',
  sec: 'Sec.',
};
const number = String.raw`(?:\d+(?:\.\d+)*|[A-K])\b`;
const citation = new RegExp(
  String.raw`\b([Ee]q|[Ee]quation|[Tt]heorem|Thm|[Ll]emma|[Aa]ssumption|App|Appendix|Appendice|[Ss]ec)(?:s|tion|tions)?\.? \(?(${number}(?:(?:, | and | to |-|–)${number})*)`,
  'g',
);

/** `Eqs. 6, 7, 10-12` -> Eq. 6, Eq. 7, Eq. 10, Eq. 11, Eq. 12. */
function labels(kind: string, list: string): string[] {
  const key = kind
    .toLowerCase()
    .replace(/^equation$/, 'eq')
    .replace(/^append.*$/, 'app');
  const ends = list.split(/, | and /).map((part) => part.split(/ to |-|–/));
  return ends
    .flatMap(([from, to = from]) => {
      const span = Number(to) - Number(from);
      if (Number.isInteger(span) && span > 0) return Array.from({ length: span + 1 }, (_, i) => `${Number(from) + i}`);
      return [...new Set([from, to])];
    })
    .map((one) => `${kinds[key]} ${one}`);
}

interface Citation {
  readonly label: string;
  readonly file: string;
  readonly paper: Paper;
}

/** Who is cited: the work named just before or after, else that of the experiment, else of ours the last one named. */
function citationsIn(file: string): Citation[] {
  const text = readFileSync(file, 'utf8').replace(/\n\s*(?:\*|\/\/) ?/g, ' ');
  const own = papers.find(({ experiment }) => file.startsWith(`experiments/${experiment}/`));
  return [...text.matchAll(citation)].flatMap(([found, kind, list], i, all) => {
    const at = all[i].index;
    const before = text.slice(Math.max(0, at - 90), at);
    const after = text.slice(at + found.length, at + found.length + 45);
    const ours = (part: string, how: (position: number) => number) =>
      papers
        .flatMap((paper) => [...part.matchAll(new RegExp(paper.author, 'g'))].map((m) => ({ paper, at: how(m.index) })))
        .sort((a, b) => a.at - b.at)[0];
    const next = ours(after, (position) => position);
    const years = [...before.matchAll(/[A-Z][\w&., ]{2,60}? (?:1[89]|20)\d\d|Van Loan/g)];
    const last = ours(before, (position) => -position);
    const foreign = years.at(-1);
    let paper: Paper | undefined;
    if (/^ of [A-Z]/.test(after)) paper = next?.paper;
    else if (foreign && !papers.some(({ author }) => author.test(foreign[0]))) paper = undefined;
    else paper = last?.paper ?? own ?? ours(text.slice(0, at), (position) => -position)?.paper;
    if (!paper || (/^sec/i.test(kind) && !paper.sections)) return [];
    return labels(kind, list).map((label) => ({ label, file, paper }));
  });
}

const sources = execFileSync('git', ['ls-files', '-z', 'packages/*/src/*.ts', 'experiments/*/src/*.ts'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file.endsWith('.ts') && existsSync(file));
const citations = sources.flatMap(citationsIn);

/** Rows of the tables of a page whose first cell names what is cited: `| Eq. 30, Theorem 3 | ... |`. */
function rowsOf(page: string): { readonly labels: readonly string[]; readonly links: readonly Link[] }[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => ({
      labels: [...line.split(' | ')[0].matchAll(citation)].flatMap(([, kind, list]) => labels(kind, list)),
      links: linksIn(line),
    }))
    .filter((row) => row.labels.length > 0);
}

interface Link {
  readonly text: string;
  readonly target: string;
}

const linksIn = (text: string): Link[] =>
  [...text.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].map(([, name, target]) => ({ text: name, target }));

describe.each(papers)('docs/theory/$page.md', (paper) => {
  const folder = 'docs/theory';
  const page = readFileSync(`${folder}/${paper.page}.md`, 'utf8');
  const cited = [...new Set(citations.filter((one) => one.paper === paper).map(({ label }) => label))];

  it('has a row for every equation, theorem and appendix of its paper that the code cites', () => {
    const stated = rowsOf(page).flatMap((row) => row.labels);
    expect(cited.length).toBeGreaterThan(3);
    expect(cited.filter((label) => !stated.includes(label))).toEqual([]);
  });

  it('says in each of these rows where in the code it stands', () => {
    for (const row of rowsOf(page)) expect(row.links.length, row.labels.join()).toBeGreaterThan(0);
  });

  it('names only functions that are in the files that it links to', () => {
    const missing = linksIn(page).filter(({ text, target }) => {
      const name = /^`(\w+)`$/.exec(text)?.[1];
      if (name === undefined || !target.endsWith('.ts')) return false;
      return !new RegExp(`\\b${name}\\b`).test(readFileSync(path.join(folder, target), 'utf8'));
    });
    expect(missing).toEqual([]);
  });
});

it.each([...papers.map(({ page }) => page), 'notation'])(
  'docs/theory/%s.md writes its maths so that Markdown leaves it alone',
  (name) => {
    const prose = readFileSync(`docs/theory/${name}.md`, 'utf8')
      .replace(/```[\s\S]*?```/g, '')
      .replace(/`[^`\n]*`/g, '');
    const maths = prose.match(/\$\$[\s\S]*?\$\$|\$[^$\n]+\$/g) ?? [];
    expect(maths.length).toBeGreaterThan(10);
    expect(prose.replace(/\$\$[\s\S]*?\$\$|\$[^$\n]+\$/g, ''), 'an odd dollar').not.toContain('$');
    // Markdown takes a backslash before punctuation away, and some macros are not allowed on GitHub.
    expect(maths.filter((one) => /\\[,;:!{}\\*_]|\\operatorname/.test(one))).toEqual([]);
  },
);
