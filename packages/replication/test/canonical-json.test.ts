import { expect, test } from 'vitest';
import { canonicalJson, digestOf, readableJson } from '../src/canonical-json.js';

test('the order in which keys were written does not show', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  expect(digestOf({ a: 1, b: 2 })).not.toBe(digestOf({ a: 2, b: 1 }));
});

test('the digest is SHA-256 of the text', () => {
  // printf '{"a":1}' | sha256sum
  expect(digestOf({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});

test('numbers keep every bit', () => {
  const numbers = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, 2 ** 53];
  expect(JSON.parse(canonicalJson(numbers))).toEqual(numbers);
});

test('the readable form is sorted and indented', () => {
  expect(readableJson({ b: 1, a: [2] })).toBe('{\n  "a": [\n    2\n  ],\n  "b": 1\n}\n');
});

test.each([
  ['NaN', { x: [0, Number.NaN] }, /config\.x\[1\] is NaN/],
  ['an infinite number', { x: Number.NEGATIVE_INFINITY }, /config\.x is -Infinity/],
  ['undefined', { x: { y: undefined } }, /config\.x\.y is undefined/],
  ['a typed array', { x: new Float64Array(2) }, /config\.x is a Float64Array/],
  ['a date', { x: new Date(0) }, /config\.x is a Date/],
  ['a function', { x: () => 1 }, /config\.x is/],
])('%s is refused with its place', (_, value, message) => {
  expect(() => canonicalJson(value as never, 'config')).toThrow(message);
});
