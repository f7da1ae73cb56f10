import type { Claim } from '../../claim.js';
import { h } from './dom.js';

/** Signs beside the words, so that a verdict is not told by colour alone. */
export const verdicts: readonly {
  readonly verdict: Claim['verdict'];
  readonly sign: string;
  readonly style: string;
}[] = [
  { verdict: 'reproduced', sign: '✓', style: 'is-reproduced' },
  { verdict: 'not reproduced', sign: '✗', style: 'is-not-reproduced' },
  { verdict: 'not comparable', sign: '○', style: 'is-not-comparable' },
];

export function verdictMark({ verdict, judgedAt }: Pick<Claim, 'verdict' | 'judgedAt'>): HTMLElement {
  const { sign, style } = verdicts.find((one) => one.verdict === verdict)!;
  const text = judgedAt === 'not-run' ? `${verdict} (not run)` : verdict;
  return h(
    'span',
    { class: `verdict ${style}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    ` ${text}`,
  );
}

export function countsOf(claims: readonly Pick<Claim, 'verdict'>[]): readonly number[] {
  return verdicts.map(({ verdict }) => claims.filter((claim) => claim.verdict === verdict).length);
}

/** `12 reproduced, 3 not reproduced, 4 not comparable`; what there is none of is left out. */
export function countsText(claims: readonly Pick<Claim, 'verdict'>[]): string {
  const counts = countsOf(claims);
  return verdicts.flatMap(({ verdict }, i) => (counts[i] > 0 ? [`${counts[i]} ${verdict}`] : [])).join(', ');
}

/** The counts as signs with numbers, and a bar of their shares. */
export function countsMarks(claims: readonly Pick<Claim, 'verdict'>[]): HTMLElement {
  const counts = countsOf(claims);
  const bar = h('span', { class: 'bar' });
  verdicts.forEach(({ style }, i) => {
    const share = h('span', { class: style });
    share.style.flexGrow = String(counts[i]);
    if (counts[i] > 0) bar.append(share);
  });
  const numbers = verdicts.map(({ sign, style }, i) =>
    h('span', { class: `count ${style}` }, counts[i] > 0 ? `${sign} ${counts[i]}` : '\u00a0'),
  );
  return h(
    'span',
    { class: 'counts' },
    h('span', { class: 'unseen' }, ` ${countsText(claims)}`),
    h('span', { class: 'counts-seen', 'aria-hidden': 'true' }, ...numbers, bar),
  );
}
