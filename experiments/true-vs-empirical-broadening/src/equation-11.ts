import { granziolSchedule, rateAfter } from '@hessian-rmt/models';
import { curves, type Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';

/** The paper's two (sec. 6), r = 0.01 in both. */
const schedules = [
  { name: 'Normal', rate: 0.1, epochs: 225 },
  { name: 'Overfit', rate: 0.001, epochs: 1000 },
] as const;
type PublishedSchedule = (typeof schedules)[number];

const ratio = 0.01;
const rateOf = ({ rate, epochs }: PublishedSchedule, t: number) => rateAfter(t, rate, granziolSchedule(epochs, ratio));

/** Equation 11: the rates that the networks are trained with. A description, computed where it is shown. */
export const equation11 = definePart<Readonly<Record<string, never>>>({
  id: 'equation-11',
  place: 'Eq. 11',
  title: 'Learning rate along training',
  profiles: { smoke: {}, quick: {}, laptop: {}, paper: {} },
  units: () => [],

  present() {
    return {
      figures: [
        {
          id: 'equation-11',
          title: 'Equation 11: the rate of the schedules Normal and Overfit',
          caption:
            'Constant for half of the epochs, then falling linearly to a hundredth at nine tenths of them. Dots: the printed formula at every sixteenth of the epochs.',
          panels: schedules.map(panelOf),
        },
      ],
      claims: schedules.flatMap(claimsOf),
    };
  },
});

/** As printed, t/T the share of the epochs that are done. */
function printed({ rate }: PublishedSchedule, share: number): number {
  if (share <= 0.5) return rate;
  return share <= 0.9 ? rate * (1 - ((1 - ratio) * (share - 0.5)) / 0.4) : rate * ratio;
}

function panelOf(schedule: PublishedSchedule): Panel {
  const { name, epochs } = schedule;
  const at = Array.from({ length: epochs + 1 }, (_, t) => t);
  const panel = curves([{ x: at, y: at.map((t) => rateOf(schedule, t)), label: 'rate' }], {
    title: name,
    x: { label: 'epochs done, $t$' },
    y: { label: 'rate, $α$', domain: [0, 1.1 * schedule.rate] },
    legend: 'bottom-left',
  });
  const shares = Array.from({ length: 17 }, (_, i) => i / 16);
  const dots = {
    kind: 'points' as const,
    label: 'as printed',
    x: shares.map((share) => share * epochs),
    y: shares.map((share) => printed(schedule, share)),
  };
  return { ...panel, marks: [...panel.marks, dots] };
}

function claimsOf(schedule: PublishedSchedule): Claim[] {
  const { name, rate, epochs } = schedule;
  const common = {
    place: 'Eq. 11',
    figure: 'figures/equation-11.svg',
    because: 'a formula, to rounding',
    atPublishedSize: true,
    within: { relative: 1e-12 },
  };
  const id = name.toLowerCase();
  const falling = 0.7 * epochs;
  return [
    judge.value({
      ...common,
      id: `G9.constant-${id}`,
      statement: `the rate of the schedule ${name} stays at its start for half of the epochs`,
      published: rate,
      samples: [rateOf(schedule, 0.5 * epochs)],
    }),
    judge.value({
      ...common,
      id: `G9.falling-${id}`,
      statement: `then it falls linearly (${name}, seven tenths of the epochs)`,
      published: {
        expression: 'a * (1 - (1 - r) * (t / T - 0.5) / 0.4)',
        scope: { a: rate, r: ratio, t: falling, T: epochs },
      },
      samples: [rateOf(schedule, falling)],
    }),
    judge.value({
      ...common,
      id: `G9.last-${id}`,
      statement: `from nine tenths of the epochs on it is a hundredth of the start (${name})`,
      published: { expression: 'a * r', scope: { a: rate, r: ratio } },
      samples: [rateOf(schedule, 0.95 * epochs)],
    }),
  ];
}
