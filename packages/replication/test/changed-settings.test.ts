import { expect, it } from 'vitest';
import { changeSettings, changesText, markOf, namesOfSettings } from '../src/changed-settings.js';
import type { Json, Part } from '../src/experiment.js';
import { commandOf, parsedValue, usualFolder } from '../src/run-command.js';

type Group = { [name: string]: unknown };

class Law {
  readonly width = 1;
}

const shared = {
  width: 16,
  rate: 0.1,
  deflated: true,
  activation: 'relu',
  nothing: null,
  channels: [4, 8],
  ratios: [0.5, 1],
  ladders: [
    { size: 4, runs: { tanh: 3 } },
    { size: 8, runs: { tanh: 5 } },
  ],
  embedding: { epochs: 3, images: { side: 16 } },
  law: (x: number) => x,
  instance: new Law(),
};
const profilesOf = (settings: unknown) => ({ smoke: settings, quick: settings, laptop: settings, paper: settings });
const first = { id: 'first', profiles: profilesOf(shared) } as unknown as Part;
const second = { id: 'second', profiles: profilesOf({ ...shared, width: undefined, rate: 1 }) } as unknown as Part;
const bare = { id: 'bare', profiles: profilesOf(undefined) } as unknown as Part;

const changed = (changes: Readonly<Record<string, Json>>, parts = [first]) =>
  changeSettings('toy', parts, 'quick', changes);

it.each<[string, Json]>([
  ['width', 20],
  ['rate', 0.5],
  ['rate', 1],
  ['deflated', false],
  ['activation', 'tanh'],
  ['nothing', 4],
  ['channels', [2, 3, 5]],
  ['ratios', [0.25]],
  ['embedding.epochs', 7],
  ['embedding.images.side', 8],
  ['ladders.1.runs.tanh', 9],
  ['ladders', [{ size: 2, runs: { tanh: 1 } }]],
])('%s becomes %j, and everything else stays the same value', (name, value) => {
  const before = structuredClone({ ...shared, law: null, instance: null });
  const [{ settings, changed: taken }] = changed({ [name]: value });
  expect(taken).toEqual({ [name]: value });
  const expected = structuredClone(before);
  const path = name.split('.');
  const group = path.slice(0, -1).reduce((at, key) => at[key] as Group, expected as unknown as Group);
  group[path.at(-1)!] = value;
  expect({ ...(settings as typeof shared), law: null, instance: null }).toEqual(expected);
  expect((settings as typeof shared).law).toBe(shared.law);
  expect((settings as typeof shared).instance).toBe(shared.instance);
  // Parts share settings.
  expect({ ...shared, law: null, instance: null }).toEqual(before);
});

it('a change goes to the parts that have the setting, and each says which it took', () => {
  const set = changed({ width: 20, 'embedding.epochs': 1 }, [first, second, bare]);
  expect(set.map(({ changed: taken }) => taken)).toEqual([
    { width: 20, 'embedding.epochs': 1 },
    { 'embedding.epochs': 1 },
    {},
  ]);
  expect(set[2].settings).toBeUndefined();
});

it.each<[string, Json, string]>([
  ['width', 2.5, 'width of first is 16 at quick: expected a whole number, found 2.5'],
  ['width', 'wide', 'width of first is 16 at quick: expected a whole number, found wide'],
  ['rate', true, 'rate of first is 0.1 at quick: expected a number, found true'],
  ['deflated', 'no', 'deflated of first is true at quick: expected true or false, found no'],
  ['activation', 3, 'activation of first is relu at quick: expected a word, found 3'],
  ['channels', 4, 'channels of first is [4,8] at quick: expected a list of the same kind, found 4'],
  ['channels', [1.5], 'expected a list of the same kind, found [1.5]'],
  ['ladders', [{ size: 2 }], 'expected a list of the same kind, found [{"size":2}]'],
  ['width', null, 'expected a whole number, found null'],
  [
    'embedding',
    { epochs: 1 },
    'expected one of its settings, embedding.epochs, embedding.images.side, found {"epochs":1}',
  ],
  ['law', 3, 'law of first is a function at quick: expected that it stays what the code makes it, found 3'],
  ['instance.width', 3, 'first has no setting instance.width; there are width, rate, '],
  ['widht', 3, 'toy: first has no setting widht (did you mean width?); there are width, rate, '],
  ['epochs', 3, 'first has no setting epochs (did you mean embedding.epochs?)'],
  ['ladders.2.size', 3, 'first has no setting ladders.2.size'],
  ['channels.length', 3, 'first has no setting channels.length'],
  ['toString', 3, 'first has no setting toString'],
])('%s = %j is refused by name', (name, value, message) => {
  expect(() => changed({ [name]: value })).toThrow(message);
});

it('where many parts are chosen the names they have are told once, and not all of them', () => {
  expect(() => changed({ x: 1 }, [first, second, bare])).toThrow(
    'none of the 3 parts has a setting x; there are width, rate, deflated, activation, nothing, channels, ratios, ladders, embedding.epochs, embedding.images.side',
  );
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`s${i}`, i]));
  const rich = { id: 'rich', profiles: profilesOf(many) } as unknown as Part;
  expect(() => changed({ x: 1 }, [rich])).toThrow(/ s29 and 10 more: choose a part to see its own$/);
  expect(() => changed({ x: 1 }, [bare])).toThrow('bare has no setting x at quick, and no other');
});

it('names of settings are those that can be set', () => {
  expect(namesOfSettings({ a: 1, b: { c: [1], d: () => 0 }, e: new Law() })).toEqual(['a', 'b.c']);
});

it('changes read as they were given, long ones cut', () => {
  expect(changesText({ width: 20, activation: 'relu', channels: [4, 8] })).toBe(
    'width = 20, activation = relu, channels = [4,8]',
  );
  expect(changesText({ list: Array.from({ length: 30 }, (_, i) => i) })).toBe(
    'list = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,1...',
  );
});

it('a figure says in its corner what was changed, and in its caption what the corner has no room for', () => {
  expect(markOf('quick', {})).toEqual({ full: 'quick', badge: 'quick', inCaption: '' });
  const one = 'quick, width = 20';
  expect(markOf('quick', { width: 20 })).toEqual({ full: one, badge: one, inCaption: '' });
  expect(markOf('quick', { width: 20, 'embedding.epochs': 3, name: 'a $b$' })).toEqual({
    full: 'quick, width = 20, embedding.epochs = 3, name = a \\$b\\$',
    badge: 'quick, 3 settings changed',
    inCaption: 'Changed: width = 20, embedding.epochs = 3, name = a \\$b\\$.',
  });
});

it('the command of a run makes the same run again', () => {
  const run = { experiment: 'toy', profile: 'quick', seed: 7, parts: ['figure-3'] } as const;
  const plain = { ...run, whole: true, changed: {} };
  expect(commandOf({ ...plain, folder: 'quick' })).toBe('npx hessian-rmt reproduce toy --profile quick --seed 7');
  expect(commandOf({ ...plain, folder: 'try' })).toMatch(/--seed 7 --as try$/);
  expect(commandOf({ ...plain, whole: false, folder: 'custom' })).toMatch(/--seed 7 --part figure-3$/);
  expect(commandOf({ ...plain, whole: false, folder: 'quick' })).toMatch(/--part figure-3 --as quick$/);
  const values = { width: 20, channels: [4, 8], word: 'relu', number: '20', blank: "it's a" };
  expect(commandOf({ ...plain, changed: values, folder: 'custom' })).toBe(
    'npx hessian-rmt reproduce toy --profile quick --seed 7 --set width=20 ' +
      `--set 'channels=[4,8]' --set word=relu --set 'number="20"' --set 'blank=it'\\''s a'`,
  );
  for (const [text, value] of [
    ['20', 20],
    ['[4,8]', [4, 8]],
    ['relu', 'relu'],
    ['"20"', '20'],
    ['true', true],
  ] as const) {
    expect(parsedValue(text)).toEqual(value);
  }
});

it('only the whole of a profile, unchanged, goes to the folder of the profile by itself', () => {
  expect(usualFolder({ whole: true, changed: {} }, 'laptop')).toBe('laptop');
  expect(usualFolder({ whole: false, changed: {} }, 'laptop')).toBe('custom');
  expect(usualFolder({ whole: true, changed: { width: 20 } }, 'laptop')).toBe('custom');
});
