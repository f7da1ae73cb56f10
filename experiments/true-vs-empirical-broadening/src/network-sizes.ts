import { type ConvolutionalNetwork, parameterBlocks, preResNet, vgg16 } from '@hessian-rmt/models';
import { definePart, judge } from '@hessian-rmt/replication';

const input = { height: 32, width: 32, channels: 3 };

interface PrintedSize {
  readonly id: string;
  readonly place: string;
  readonly name: string;
  readonly network: ConvolutionalNetwork;
  readonly printed: number;
  /** Whether scales and shifts of batch normalisation are among them. */
  readonly normalisation: boolean;
}

const sizes: readonly PrintedSize[] = [
  {
    id: 'G5.parameters-c100',
    place: 'Sec. 6',
    name: 'PreResNet-110 for CIFAR-100',
    network: preResNet(110, { input, classes: 100 }),
    printed: 1_169_972,
    normalisation: true,
  },
  {
    id: 'G5.parameters-c10',
    place: 'Sec. 6',
    name: 'PreResNet-110 for CIFAR-10',
    network: preResNet(110, { input, classes: 10 }),
    printed: 1_146_842,
    normalisation: true,
  },
  {
    id: 'G10.parameters',
    place: 'App. I',
    name: 'VGG-16 for CIFAR-100',
    network: vgg16({ input, classes: 100 }),
    printed: 15_291_300,
    normalisation: false,
  },
];

/** Numbers of parameters (sec. 6, App. I), counted wherever this is shown: no network is trained for it. */
export const networkSizes = definePart<Readonly<Record<string, never>>>({
  id: 'network-sizes',
  place: 'Sec. 6, App. I',
  title: 'Numbers of parameters',
  profiles: { smoke: {}, quick: {}, laptop: {}, paper: {} },
  units: () => [],

  present() {
    return {
      tables: [
        {
          id: 'network-sizes',
          title: 'Sec. 6, App. I: numbers of parameters',
          caption: 'The count of VGG-16 is printed without scales and shifts of its batch normalisation.',
          columns: [
            { header: 'network' },
            { header: 'printed', format: ',' },
            { header: 'all', format: ',' },
            { header: 'scales and shifts among them', format: ',' },
          ],
          rows: sizes.map(({ name, network, printed }) => {
            const { all, normalisation } = counted(network);
            return [name, printed, all, normalisation];
          }),
        },
      ],
      claims: sizes.map(({ id, place, name, network, printed, normalisation }) => {
        const found = counted(network);
        return judge.count({
          id,
          place,
          statement: `${name} has so many parameters${normalisation ? '' : ', those of batch normalisation not counted'}`,
          figure: 'tables/network-sizes.md',
          published: printed,
          samples: [normalisation ? found.all : found.all - found.normalisation],
          within: 0,
          because: 'an architecture has a number of parameters, exactly',
          atPublishedSize: true,
        });
      }),
    };
  },
});

function counted(network: ConvolutionalNetwork): { readonly all: number; readonly normalisation: number } {
  const blocks = parameterBlocks(network);
  const sum = (chosen: typeof blocks) => chosen.reduce((total, { size }) => total + size, 0);
  return { all: sum(blocks), normalisation: sum(blocks.filter(({ kind }) => kind === 'scale' || kind === 'shift')) };
}
