import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { type Condition, weightsFor } from './conditions.js';
import { type Images, images } from './images-available.js';
import { type NetworkName, networkNames, parametersOf, printedParameters } from './networks.js';
import { trainedNetwork } from './trained-network.js';

type Settings = {
  readonly networks: readonly NetworkName[];
  readonly inputs: number;
  readonly epochs: readonly number[];
};

const laptop: Settings = { networks: ['softmax regression', 'MLP 10-100'], inputs: 784, epochs: [0, 1, 5, 30] };
const quick: Settings = { networks: ['softmax regression'], inputs: 49, epochs: [0, 1, 5] };

/** Section 4: the three networks, their parameters and their training (B5). */
export const section4 = definePart<Settings>({
  id: 'section-4',
  place: 'sec. 4',
  title: 'The networks and their training',
  profiles: {
    smoke: { ...quick, epochs: [0, 1] },
    quick,
    laptop,
    paper: { networks: networkNames, inputs: 784, epochs: [0, 1, 5, 20, 60, 150, 300] },
  },
  units: (settings) => trainings(settings).map(({ unit }) => unit),

  present: (results, settings) => ({
    tables: [
      {
        id: 'section-4',
        title: 'Section 4: loss and accuracy along the training',
        caption:
          'SGD with batches of 128, momentum 0.9, weight decay 0.0005, rate 0.003 falling linearly to 0.00003 from half of the training to nine tenths of it.',
        columns: [
          { header: 'network' },
          { header: 'P', format: ',d' },
          { header: 'images' },
          { header: 'epoch' },
          { header: 'training loss', format: '.4f' },
          { header: 'training accuracy', format: '.4f' },
          { header: 'test loss', format: '.4f' },
          { header: 'test accuracy', format: '.4f' },
        ],
        rows: trainings(settings).flatMap(({ unit, network, images: { text } }) =>
          rowsOf(results, unit, settings.epochs).map((row) => [
            network,
            parametersOf(network, settings.inputs),
            text,
            ...row,
          ]),
        ),
      },
    ],
    claims: networkNames.map(parametersClaim),
  }),
});

interface TrainingOf {
  readonly network: NetworkName;
  readonly images: Images;
  readonly unit: ReturnType<typeof trainedNetwork.unit>;
}

function trainings({ networks, inputs, epochs }: Settings): TrainingOf[] {
  const last = epochs[epochs.length - 1];
  return networks.flatMap((network) =>
    [images.digits, images.fashion].flatMap((found) => {
      if (!found) return [];
      const condition: Condition = {
        network,
        images: found,
        inputs,
        epochs: last,
        keep: epochs,
        epoch: last,
        split: 'train',
        batch: 64,
      };
      const unit = trainedNetwork.unit(weightsFor(condition).training, { repetition: 0, threads: 1 });
      return [{ network, images: found, unit }];
    }),
  );
}

function rowsOf(results: Results, unit: TrainingOf['unit'], epochs: readonly number[]): number[][] {
  const { train, test } = results.of(unit).numbers as unknown as Record<
    'train' | 'test',
    readonly { readonly loss: number; readonly accuracy: number }[]
  >;
  return epochs.map((epoch, i) => [epoch, train[i].loss, train[i].accuracy, test[i].loss, test[i].accuracy]);
}

/** The size follows from the architecture, whatever the profile trains. */
function parametersClaim(network: NetworkName): Claim {
  const misprint = network === 'MLP 10-100' ? " (the authors' own arrays have 9,960)" : '';
  return judge.count({
    id: `B5.parameters-${network.toLowerCase().replaceAll(' ', '-')}`,
    place: 'sec. 4',
    figure: 'tables/section-4.md',
    statement: `number of parameters of the ${network} on MNIST${misprint}`,
    published: printedParameters[network],
    samples: [parametersOf(network, 784)],
    within: 0,
    atPublishedSize: true,
    because: 'a count, with the biases of every layer',
  });
}
