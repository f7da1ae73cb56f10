import { edgeByRank, edgeByRatio, type Figure, type Panel } from '@hessian-rmt/plotting';
import { definePart } from '@hessian-rmt/replication';
import { commonLevels, type Edge, growthExponent, type LevelRange } from './collapse.js';
import { leftEdgeClaims } from './figures-5-6-claims.js';
import {
  edgesOf,
  familyName,
  type MeasuredFamily,
  measureFamilies,
  missingFrom,
  networkLabel,
  sizesOf,
  type WidthSettings,
  widthProfiles,
  widthUnits,
} from './growing-width.js';

/** Figures 5 and 6: the left edge of the spectrum for networks of growing width, by rank and by ratio (sec. 3.2). */
export const figures5And6 = definePart<WidthSettings>({
  id: 'figures-5-6',
  place: 'Figures 5 and 6',
  title: 'Left edge of the spectrum for growing width',
  profiles: widthProfiles,
  units: widthUnits,

  present(results, settings) {
    const families = measureFamilies(results, settings);
    const sizes = `repetition 1 of ${settings.repetitions}. ${sizesOf(settings)}.${missingFrom(families)}`;
    return {
      figures: [
        {
          id: 'figure-5',
          title: 'Figure 5: left edge of the spectrum by rank, growing width',
          caption: `Magnitudes of the negative eigenvalues, the most negative first, above the rounding floor; ${sizes}`,
          panels: families.map((family) =>
            edgeByRank(seriesOf(family), {
              edge: 'right',
              ...styleOf(family),
              x: { label: 'rank from the left edge' },
            }),
          ),
        },
        {
          id: 'figure-6',
          title: 'Figure 6: left edge of the spectrum by ratio, growing width',
          caption: `The magnitudes of Figure 5 against rank / P; ${sizes}`,
          panels: families.map((family) =>
            edgeByRatio(seriesOf(family), {
              edge: 'right',
              ...styleOf(family),
              x: { label: 'ratio, rank from the left edge / $P$' },
            }),
          ),
        },
        ...growth(families, settings),
      ],
      claims: families.flatMap((family) => leftEdgeClaims(family, settings)),
    };
  },
});

const seriesOf = ({ networks }: MeasuredFamily) =>
  networks.flatMap(({ runs, ...network }) =>
    runs[0].spectrum === null
      ? []
      : [
          {
            label: networkLabel({ ...network, runs }),
            values: runs[0].spectrum.left.magnitudes,
            size: network.parameters,
          },
        ],
  );

const styleOf = ({ name }: MeasuredFamily) => ({
  title: familyName[name],
  y: { label: 'magnitude $−λ$', scale: 'log' as const },
});

/** What decides between rank and ratio: how the number of eigenvalues beyond a magnitude grows with P. A figure of ours. */
function growth(families: readonly MeasuredFamily[], { repetitions }: WidthSettings): Figure[] {
  const complete = families.filter(({ incomplete }) => incomplete === null);
  if (complete.length === 0) return [];
  const sides = [
    { side: 'right', title: 'right edge', range: { atLeast: 1, decades: 3 } },
    { side: 'left', title: 'left edge', range: { atLeast: 10, decades: 5 } },
  ] as const;
  return [
    {
      id: 'growth-of-edges',
      title: 'Growth of the edges with the size of the network',
      caption:
        `Exponent a of N ~ P^{a}, where N eigenvalues lie beyond the magnitude on the axis: a = 0 is one curve by rank, a = 1 one curve by ratio. ` +
        `Line: median, band: range of ${repetitions} repetition${repetitions === 1 ? '' : 's'}.`,
      panels: sides.map(({ side, title, range }): Panel => {
        const curves = complete.flatMap((family, color) => exponents(edgesOf(family, side), range, color, family));
        return {
          title,
          x: { label: side === 'right' ? 'eigenvalue $λ$' : 'magnitude $−λ$', scale: 'log' },
          y: { label: 'exponent $a$' },
          marks: [
            ...curves,
            { kind: 'rule', y: 0, label: 'by rank', color: 'muted' },
            { kind: 'rule', y: 1, label: 'by ratio', color: 'muted' },
          ],
        };
      }),
    },
  ];
}

function exponents(
  edges: readonly (readonly Edge[])[],
  range: LevelRange,
  color: number,
  { name }: MeasuredFamily,
): Panel['marks'] {
  const x = commonLevels(edges.flat(), range);
  if (x.length === 0) return [];
  const at = x.map((level) => edges.map((widths) => growthExponent(widths, [level])).sort((a, b) => a - b));
  return [
    { kind: 'band', x, low: at.map((s) => s[0]), high: at.map((s) => s[s.length - 1]), color },
    { kind: 'line', x, y: at.map((s) => s[Math.floor(s.length / 2)]), label: familyName[name], color },
  ];
}
