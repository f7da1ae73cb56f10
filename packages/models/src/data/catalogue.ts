/** A data set kept in four IDX files, with the sums by which a copy is known to be the published one. */
export interface IdxSource {
  readonly name: string;
  readonly title: string;
  readonly classes: number;
  /** Where its publishers (or their mirror) serve the gzip files. */
  readonly baseUrl: string;
  /** Folders outside the data directory where packages of the system put the files. */
  readonly systemFolders: readonly string[];
  readonly files: { readonly train: IdxPair; readonly test: IdxPair };
}

export interface IdxPair {
  readonly images: IdxFile;
  readonly labels: IdxFile;
}

export interface IdxFile {
  /** Name without `.gz`. */
  readonly name: string;
  /** MD5 of the gzip file as published. */
  readonly compressedMd5: string;
  /** MD5 of the contents: the same for whoever compresses anew, as Debian does. */
  readonly md5: string;
}

const mnist: IdxSource = {
  name: 'mnist',
  title: 'MNIST',
  classes: 10,
  baseUrl: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  systemFolders: [],
  files: files({
    'train-images-idx3-ubyte': ['f68b3c2dcbeaaa9fbdd348bbdeb94873', '6bbc9ace898e44ae57da46a324031adb'],
    'train-labels-idx1-ubyte': ['d53e105ee54ea40749a09fcbcd1e9432', 'a25bea736e30d166cdddb491f175f624'],
    't10k-images-idx3-ubyte': ['9fb629c4189551a2d022fa330f9573f3', '2646ac647ad5339dbf082846283269ea'],
    't10k-labels-idx1-ubyte': ['ec29112dd5afa0611ce80d1b7f02629c', '27ae3e4e09519cfbb04c329615203637'],
  }),
};

const fashionMnist: IdxSource = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  classes: 10,
  // Not served over https: the sums decide.
  baseUrl: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  // Debian's package dataset-fashion-mnist.
  systemFolders: ['/usr/share/datasets/fashion-mnist'],
  files: files({
    'train-images-idx3-ubyte': ['8d4fb7e6c68d591d4c3dfef9ec88bf0d', 'f4a8712d7a061bf5bd6d2ca38dc4d50a'],
    'train-labels-idx1-ubyte': ['25c81989df183df01b3e8a0aad5dffbe', '9018921c3c673c538a1fc5bad174d6f9'],
    't10k-images-idx3-ubyte': ['bef4ecab320f06d8554ea6380940ec79', '8181f5470baa50b63fa0f6fddb340f0a'],
    't10k-labels-idx1-ubyte': ['bb300cfdad3c16e7a12a480ee83cd310', '15d484375f8d13e6eb1aabb0c3f46965'],
  }),
};

export const idxSources: readonly IdxSource[] = [mnist, fashionMnist];

export const idxFilesOf = ({ files }: IdxSource): readonly IdxFile[] => [
  files.train.images,
  files.train.labels,
  files.test.images,
  files.test.labels,
];

type FileName = `${'train' | 't10k'}-${'images-idx3' | 'labels-idx1'}-ubyte`;

function files(sums: Readonly<Record<FileName, readonly [compressed: string, contents: string]>>): IdxSource['files'] {
  const file = (name: FileName): IdxFile => ({ name, compressedMd5: sums[name][0], md5: sums[name][1] });
  return {
    train: { images: file('train-images-idx3-ubyte'), labels: file('train-labels-idx1-ubyte') },
    test: { images: file('t10k-images-idx3-ubyte'), labels: file('t10k-labels-idx1-ubyte') },
  };
}
