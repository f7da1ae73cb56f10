import { type DenseNetwork, mlp, parameterCount, softmaxRegression } from '@hessian-rmt/models';

/** The three networks of section 4, by their hidden layers; ReLU, with biases. */
export const networkNames = ['softmax regression', 'MLP 10-100', 'MLP 10-100-100'] as const;
export type NetworkName = (typeof networkNames)[number];

const hiddenLayers: Readonly<Record<NetworkName, readonly number[]>> = {
  'softmax regression': [],
  'MLP 10-100': [10, 100],
  'MLP 10-100-100': [10, 100, 100],
};

/** Parameters as the paper prints them; its 9,860 is a misprint: 9,960 with every bias, 9,840 with none. */
export const printedParameters: Readonly<Record<NetworkName, number>> = {
  'softmax regression': 7850,
  'MLP 10-100': 9860,
  'MLP 10-100-100': 20_060,
};

/** The network for so many inputs and classes. */
export function networkOf(name: NetworkName, inputs: number, classes = 10): DenseNetwork {
  const hidden = hiddenLayers[name];
  return hidden.length === 0
    ? softmaxRegression(inputs, classes)
    : mlp([inputs, ...hidden, classes], { activation: 'relu' });
}

export const parametersOf = (name: NetworkName, inputs: number, classes?: number): number =>
  parameterCount(networkOf(name, inputs, classes));
