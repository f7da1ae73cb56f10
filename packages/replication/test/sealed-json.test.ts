import { expect, test } from 'vitest';
import { sealed, unsealed } from '../src/sealed-json.js';

const content = {
  id: 'a',
  list: [1, 2.5, null],
  nested: { '10': 1, '2': 2, b: 'ü', __proto__: null },
  absent: undefined,
};

test('what was sealed is what is found', () => {
  expect(unsealed(sealed(content), 'x.json')).toEqual(JSON.parse(JSON.stringify(content)));
});

test.each([
  ['another value', (text: string) => text.replace('2.5', '2.25')],
  ['another blank', (text: string) => text.replace('"id": ', '"id":\t')],
  ['one value more', (text: string) => text.replace('{', '{"more": 1,')],
  ['a list', () => '[]'],
  ['nothing', () => 'null'],
  ['half of it', (text: string) => text.slice(0, text.length / 2)],
])('%s is refused with the name of the file', (_, alter) => {
  const text = alter(sealed(content));
  expect(text).not.toBe(sealed(content));
  expect(() => unsealed(text, 'x.json')).toThrow(/^x\.json: /);
});
