import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Durations } from '../../src/durations.js';
import { outlookOf } from '../../src/pending-work.js';
import type { PlannedUnit } from '../../src/run-plan.js';
import type { StoredKinds } from '../../src/stored-kinds.js';
import type { UnitIngredients } from '../../src/unit-key.js';
import { temporaryFolder } from '../temporary.js';

/** A unit of n seconds, as its kind tells it if it does. */
function unit(n: number, kind: string, tells = true): PlannedUnit {
  const ingredients = {
    experiment: 'toy',
    kind,
    config: { n },
    threads: 1,
    linearAlgebra: 'some',
  } as unknown as UnitIngredients;
  const cost = tells ? { cost: { flops: 0, seconds: n } } : {};
  return { key: `${kind} ${n}`, label: '', module: '', needs: [], ingredients, ...cost };
}

const durations = () => new Durations(join(temporaryFolder(), 'durations.json'));

test('an equal unit is believed before its kind, the kind before the median, and the median before stored results', async () => {
  const known = durations();
  known.add(unit(10, 'telling').ingredients, 12);
  known.add(unit(1, 'silent').ingredients, 30);
  const elsewhere = { folder: 'laptop', units: 4, seconds: 80, bytes: null, measured: null };
  const stored: StoredKinds = new Map(['telling', 'silent', 'new'].map((kind) => [kind, [elsewhere]]));
  const units = [
    unit(10, 'telling'),
    unit(20, 'telling'),
    unit(2, 'silent', false),
    unit(3, 'new', false),
    unit(4, 'other', false),
  ];
  const outlook = await outlookOf(units, known, 2, stored);
  expect([...outlook.values()].map(({ known: by, expectedSeconds }) => [by, expectedSeconds])).toEqual([
    ['equal', 12],
    ['told', 20],
    ['kind', 30],
    ['stored', 20],
    ['nothing', undefined],
  ]);
});

test('a kind that tells too little is corrected by its measured units, here and in stored results', async () => {
  const known = durations();
  known.add(unit(97, 'slow').ingredients, 197, { cost: { flops: 0, seconds: 97 } });
  const here = await outlookOf([unit(50, 'slow')], known, 2);
  expect(here.get('slow 50')).toMatchObject({ known: 'told', pace: 2, expectedSeconds: 100 });

  const measured = { units: 10, seconds: 597, told: { flops: 0, seconds: 97 } };
  const stored: StoredKinds = new Map([['slow', [{ folder: 'laptop', units: 10, seconds: 597, bytes: 1, measured }]]]);
  const elsewhere = await outlookOf([unit(50, 'slow')], durations(), 2, stored);
  expect(elsewhere.get('slow 50')).toMatchObject({ known: 'told', pace: 6, expectedSeconds: 300 });
});
