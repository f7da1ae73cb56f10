import { definePart, judge } from '@hessian-rmt/replication';
import { mean } from './mean-and-deviation.js';
import { type PointSettings, pointNames, pointOf, pointProfiles, pointText, pointUnits, repeated } from './points.js';

/** Lemma 1: with an L-Lipschitz gradient every element of the true Hessian is within sqrt(P) L. */
export const lemma1 = definePart<PointSettings>({
  id: 'lemma-1',
  place: 'Lemma 1',
  title: 'Bound of the elements of the true Hessian',
  profiles: pointProfiles,
  units: pointUnits,

  present(results, settings) {
    const points = pointNames.map((name) => {
      const all = repeated(settings.repetitions, (repetition) => pointOf(results, settings, name, repetition));
      return {
        name,
        parameters: all[0].parameters,
        element: all.map(({ result }) => result.numbers.largestElement as number),
        // No smaller L will do: the gradient changes by as much along the eigenvector.
        lipschitz: all.map(({ largest, smallest }) => Math.max(largest, -smallest)),
      };
    });
    return {
      tables: [
        {
          id: 'lemma-1',
          title: 'Lemma 1: largest element of the true Hessian and its bound',
          caption:
            'L is the largest eigenvalue in magnitude, the smallest constant that can serve. Means over the networks. An element u_j^T H u_k of a symmetric matrix is never larger than L itself: the root of P is not needed.',
          columns: [
            { header: 'network' },
            { header: 'P' },
            { header: 'largest element', format: '.3g' },
            { header: 'L', format: '.3g' },
            { header: 'sqrt(P) L', format: '.3g' },
          ],
          rows: points.map(({ name, parameters, element, lipschitz }) => [
            pointText[name],
            parameters,
            mean(element),
            mean(lipschitz),
            Math.sqrt(parameters) * mean(lipschitz),
          ]),
        },
      ],
      claims: points.flatMap(({ name, parameters, element, lipschitz }) => {
        const common = { place: 'Lemma 1', figure: 'tables/lemma-1.md', atPublishedSize: true } as const;
        const smaller = { name: 'largest element', samples: element };
        return [
          judge.order({
            ...common,
            id: `G13.bound-${name}`,
            statement: `every element of the true Hessian is below sqrt(P) L (${pointText[name]})`,
            larger: { name: 'sqrt(P) L', samples: lipschitz.map((l) => Math.sqrt(parameters) * l) },
            smaller,
            because: 'a bound: in every network',
          }),
          judge.order({
            ...common,
            id: `G13.without-root-${name}`,
            statement: `not in the paper: it is below L itself (${pointText[name]})`,
            larger: { name: 'L', samples: lipschitz },
            smaller,
            because: 'a bound: in every network',
          }),
        ];
      }),
    };
  },
});
