import { expect, test } from 'vitest';
import { describeUnits } from '../src/describe-unit.js';

const unit = (kind: string, config: object, repetition = 0) => ({
  kind,
  config: config as never,
  repetition,
  threads: 1,
});

test('a unit is told by what differs among its kind', () => {
  const units = [
    unit('spectrum', { n: 10, samples: 500, activation: 'relu', hidden: [8, 8] }),
    unit('spectrum', { n: 10, samples: 500, activation: 'tanh', hidden: [8, 8] }),
    unit('spectrum', { n: 10, samples: 500, activation: 'tanh', hidden: [30, 30] }),
    unit('law', { n: 10 }, 3),
  ];
  expect(describeUnits(units)).toEqual([
    'spectrum activation=relu hidden=[8,8]',
    'spectrum activation=tanh hidden=[8,8]',
    'spectrum activation=tanh hidden=[30,30]',
    'law',
  ]);
});

test('repetitions show where there are several', () => {
  expect(describeUnits([unit('law', { n: 1 }), unit('law', { n: 1 }, 1)])).toEqual([
    'law, repetition 0',
    'law, repetition 1',
  ]);
});

test('a setting that only some units have tells them apart', () => {
  expect(describeUnits([unit('law', { n: 1 }), unit('law', { n: 1, cut: 2 })])).toEqual(['law', 'law cut=2']);
});

test('long values are cut', () => {
  const units = [unit('law', { data: 'ab'.repeat(32) }), unit('law', { data: 'x'.repeat(64) })];
  expect(describeUnits(units)).toEqual(['law data=abababab', `law data=${'x'.repeat(37)}...`]);
});

test('of settings within settings those that differ are shown, by their last name', () => {
  const nested = (network: string, epoch: number) => ({ weights: { training: { network, epochs: 60 }, epoch } });
  const units = [unit('spectrum', nested('softmax', 0)), unit('spectrum', nested('mlp', 60))];
  expect(describeUnits(units)).toEqual(['spectrum network=softmax epoch=0', 'spectrum network=mlp epoch=60']);
});
