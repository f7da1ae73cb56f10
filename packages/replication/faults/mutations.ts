import fc from 'fast-check';

/** A valid input, damaged in one way that the name tells. */
export interface Mutation {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Numbers that headers should not hold: none, negative, at the borders of 8, 16, 32 and 53 bits, and 10^12. */
const oddNumbers = [0, 1, -1, 2 ** 7, 2 ** 15, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 1e12, 2 ** 53, 2 ** 62].map(BigInt);

/** What a terminal obeys, what ends a line, what turns the reading direction, what is no character, and what is long. */
export const oddTexts = [
  '',
  '\u0000',
  '\u001b[31mred\u001b]0;title\u0007',
  'two\nlines\r',
  '\u009b2J',
  '\u202Eesrever\u2066',
  '<script>alert(1)</script>',
  '名前 𝛌 é',
  '../../../escape',
  '__proto__',
  'x'.repeat(20_000),
] as const;

/** Damage to the bytes of a file, wherever it may fall; headers, which lie in front, are hit as often as all the rest. */
export function damaged(valid: Uint8Array): fc.Arbitrary<Mutation> {
  const { length } = valid;
  const place = fc.oneof(fc.nat(Math.min(length, 160) - 1), fc.nat(length - 1));
  const size = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: length }));
  const made = (name: string, ...parts: readonly Uint8Array[]): Mutation => ({ name, bytes: Buffer.concat(parts) });
  const before = (at: number) => valid.subarray(0, at);
  const from = (at: number) => valid.subarray(at);
  const written = (at: number, patch: Uint8Array) => [before(at), patch, from(Math.min(length, at + patch.length))];
  return fc.oneof(
    fc
      .tuple(place, fc.nat(7))
      .map(([at, bit]) => made(`bit ${bit} of byte ${at} flipped`, ...written(at, Buffer.of(valid[at] ^ (1 << bit))))),
    fc
      .tuple(place, fc.integer({ min: 1, max: 255 }))
      .map(([at, by]) => made(`byte ${at} changed`, ...written(at, Buffer.of((valid[at] + by) & 255)))),
    place.map((at) => made(`cut at byte ${at}`, before(at))),
    fc
      .uint8Array({ minLength: 1, maxLength: 64 })
      .map((more) => made(`${more.length} bytes after the end`, valid, more)),
    fc.tuple(place, size, place).map(([at, bytes, to]) => {
      const block = valid.subarray(at, at + bytes);
      return made(`${block.length} bytes from byte ${at} again at byte ${to}`, before(to), block, from(to));
    }),
    fc.tuple(place, place, size).map(([one, other, bytes]) => {
      const [a, b] = one < other ? [one, other] : [other, one];
      const most = Math.min(bytes, b - a, length - b);
      const parts = [before(a), valid.subarray(b, b + most), valid.subarray(a + most, b), valid.subarray(a, a + most)];
      return made(`${most} bytes at byte ${a} and at byte ${b} swapped`, ...parts, from(b + most));
    }),
    fc
      .tuple(place, fc.constantFrom(1, 2, 4, 8), fc.boolean(), fc.constantFrom(...oddNumbers))
      .map(([at, bytes, isLittle, number]) => {
        const patch = Buffer.alloc(8);
        if (isLittle) patch.writeBigInt64LE(number);
        else patch.writeBigInt64BE(number);
        const taken = isLittle ? patch.subarray(0, bytes) : patch.subarray(8 - bytes);
        return made(`${number} in ${bytes} bytes at byte ${at}`, ...written(at, taken));
      }),
    fc
      .tuple(place, fc.constantFrom(...oddTexts))
      .map(([at, text]) =>
        made(`${JSON.stringify(text.slice(0, 20))} at byte ${at}`, before(at), Buffer.from(text), from(at)),
      ),
  );
}

/** Damage to a text of numbers and names: one of its numbers, words or quoted texts is another one. */
export function reworded(valid: string): fc.Arbitrary<Mutation> {
  const words = [...valid.matchAll(/-?\d+(\.\d+)?(e[+-]?\d+)?|"[^"\\]*"|'[^']*'|\b[A-Za-z_]+\b/g)];
  const others = [
    '-1',
    '0',
    '1e999',
    '1000000000000',
    '9007199254740993',
    '1.5',
    'true',
    'null',
    '{}',
    '[]',
    '"x"',
    "'x'",
  ];
  const texts = oddTexts.map((text) => JSON.stringify(text));
  return fc.tuple(fc.nat(words.length - 1), fc.constantFrom(...others, ...texts)).map(([index, other]) => {
    const { 0: word, index: at } = words[index];
    const bytes = Buffer.from(valid.slice(0, at) + other + valid.slice(at + word.length));
    return { name: `${other.slice(0, 24)} in place of ${word.slice(0, 24)} at character ${at}`, bytes };
  });
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Values of every kind that JSON has, and lists so deep that who follows them runs out of stack. */
const oddValues: readonly { readonly name: string; readonly text: string }[] = [
  ...[null, true, 0, -1, 1.5, 1e12, 2 ** 53, [], {}, [null], { a: null }, '', 'x'].map((value) =>
    JSON.stringify(value),
  ),
  ...oddTexts.map((text) => JSON.stringify(text)),
  '1e999',
]
  .map((text) => ({ name: text.slice(0, 24), text }))
  .concat([
    { name: 'lists in lists', text: '['.repeat(1e5) + ']'.repeat(1e5) },
    { name: 'objects in objects', text: `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}` },
    { name: 'a long list', text: `[${'0,'.repeat(1e5)}0]` },
  ]);

/** JSON of which one value is missing, of another type, there twice, too deep, or under another name. */
export function restructured(valid: string): fc.Arbitrary<Mutation> {
  const value = JSON.parse(valid) as Json;
  const places = placesIn(value);
  const other = fc.constantFrom(...oddValues);
  const place = fc.nat(places.length - 1).map((index) => places[index]);
  const made = (name: string, text: string): Mutation => ({ name, bytes: Buffer.from(text) });
  const named = (path: readonly string[]) => path.join('.') || 'the whole';
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(place, other).map(([path, { name, text }]) =>
        made(
          `${name} at ${named(path)}`,
          rewritten(value, path, () => text),
        ),
      ),
    },
    place.map((path) =>
      made(
        `${named(path)} missing`,
        rewritten(value, path, () => undefined),
      ),
    ),
    fc.tuple(place, other).map(([path, { name, text }]) =>
      made(
        `${named(path)} twice, then ${name}`,
        rewritten(value, path, (own, key) => (key === undefined ? own : `${own},${key}:${text}`)),
      ),
    ),
    fc.tuple(place, fc.constantFrom(...oddTexts)).map(([path, name]) =>
      made(
        `${named(path)} called ${JSON.stringify(name.slice(0, 20))}`,
        rewritten(value, path, (own) => own, name),
      ),
    ),
    fc
      .constantFrom('}', '\u0000', ' x', valid)
      .map((more) => made(`${JSON.stringify(more.slice(0, 8))} after the end`, valid + more)),
  );
}

function placesIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))];
}

/** JSON of the value with another text, or none, at one place; with `rename`, under another name. */
function rewritten(
  value: Json,
  [first, ...rest]: readonly string[],
  change: (own: string, key: string | undefined) => string | undefined,
  rename?: string,
): string {
  if (first === undefined) return change(JSON.stringify(value), undefined) ?? '';
  if (Array.isArray(value)) {
    const items = value.map((one, i) =>
      `${i}` !== first
        ? JSON.stringify(one)
        : rest.length > 0
          ? rewritten(one, rest, change, rename)
          : change(JSON.stringify(one), undefined),
    );
    return `[${items.filter((item) => item !== undefined).join(',')}]`;
  }
  const members = Object.entries(value as object).flatMap(([name, one]) => {
    const isLast = name === first && rest.length === 0;
    const key = JSON.stringify(isLast && rename !== undefined ? rename : name);
    const text =
      name !== first
        ? JSON.stringify(one)
        : isLast
          ? change(JSON.stringify(one), key)
          : rewritten(one, rest, change, rename);
    return text === undefined ? [] : [`${key}:${text}`];
  });
  return `{${members.join(',')}}`;
}

/** A text of JSON damaged in any way: as bytes, as a text and as a tree. */
export function damagedAnyhow(valid: string): fc.Arbitrary<Mutation> {
  return fc.oneof(damaged(Buffer.from(valid)), reworded(valid), restructured(valid));
}
