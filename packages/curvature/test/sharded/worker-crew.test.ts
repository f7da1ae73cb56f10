import { afterEach, describe, expect, it } from 'vitest';
import type { Crew } from '../../src/sharded/crew.js';
import { forEachShard } from '../../src/sharded/for-each-shard.js';
import type { Instruction } from '../../src/sharded/serve.js';
import { workerCrew } from '../../src/sharded/worker-crew.js';

const script = new URL('support/counting-worker.js', import.meta.url);
const shards = 10;

interface Fate {
  readonly how: 'exit' | 'late' | 'throw' | 'fail';
  /** Befalls the first so many who get the order. */
  readonly times: number;
}

interface Plan {
  readonly fates?: Readonly<Record<number, Fate>>;
  /** Milliseconds that a shard takes. */
  readonly delays?: Readonly<Record<number, number>>;
  readonly refuse?: string;
  /** Workers that can be started before it is refused. Default 0. */
  readonly engines?: number;
}

const open: Crew[] = [];
afterEach(async () => {
  for (const crew of open.splice(0)) await crew.close();
});

async function hire(size: number, { fates = {}, delays = {}, refuse, engines = 0 }: Plan = {}) {
  const hired = new Int32Array(new SharedArrayBuffer(4));
  const orders = new Int32Array(new SharedArrayBuffer(4 * shards));
  const crew = await workerCrew(size, script, {
    problem: { orders, fates, delays, refuse, engines, hired },
  } as unknown as Instruction);
  open.push(crew);
  return { crew, orders };
}

/** A pass over all shards; the first samples of those that were finished. */
async function pass(crew: Crew, finished: number[] = []): Promise<number[]> {
  const order = (shard: number) => ({ task: 'loss', from: shard, to: shard + 1 }) as const;
  await forEachShard(crew, shards, order, (answer, shard) => {
    expect(answer).toEqual({ loss: shard, correct: shard + 1 });
    finished.push(shard);
  });
  return finished;
}

const inOrder = Array.from({ length: shards }, (_, i) => i);

describe('a crew of workers', () => {
  it.each([1, 2, 3])('of %i finishes shards in their order, whichever is done first', async (size) => {
    const { crew, orders } = await hire(size, { delays: { 0: 60, 1: 1, 4: 30 } });
    expect(crew.description.identity).toBe('counting');
    expect(await pass(crew)).toEqual(inOrder);
    expect([...orders]).toEqual(inOrder.map(() => 1));
  });

  it.each(['exit', 'throw', 'fail'] as const)(
    'replaces a worker that meets its end by %s, and has its shard redone',
    async (how) => {
      const { crew, orders } = await hire(2, { fates: { 3: { how, times: 1 }, 4: { how, times: 1 } } });
      expect(await pass(crew)).toEqual(inOrder);
      expect([...orders]).toEqual(inOrder.map((shard) => (shard === 3 || shard === 4 ? 2 : 1)));
      // Those who came instead stay.
      expect(await pass(crew)).toEqual(inOrder);
    },
  );

  it('gives a shard up that two workers failed at, naming it and why, and goes on with the next pass', async () => {
    const { crew } = await hire(2, { fates: { 5: { how: 'fail', times: 2 } } });
    const finished: number[] = [];
    await expect(pass(crew, finished)).rejects.toThrow(
      'loss of the samples 5 .. 5 failed on two workers: heap full at loss',
    );
    expect(finished).toEqual([0, 1, 2, 3, 4]);
    expect(await pass(crew)).toEqual(inOrder);
  });

  it('does not begin orders of a pass that was given up', async () => {
    const { crew, orders } = await hire(1, { fates: { 0: { how: 'exit', times: 2 } } });
    await expect(pass(crew)).rejects.toThrow('a worker thread ended with code 7');
    expect([...orders].slice(0, 2)).toEqual([2, 0]);
  });

  it('does not come together when a worker cannot open its engine', async () => {
    await expect(hire(2, { refuse: 'no such library' })).rejects.toThrow(new RangeError('no such library'));
  });

  it('has a shard redone by those who are left when nobody can be hired, and says why when none is', async () => {
    // The worker with shard 9 is lost while the other one has nothing more to do.
    const plan = { delays: { 9: 100 }, refuse: 'no memory', engines: 2 };
    const { crew, orders } = await hire(2, { ...plan, fates: { 9: { how: 'late', times: 1 } } });
    expect(await pass(crew)).toEqual(inOrder);
    expect(orders[9]).toBe(2);

    const alone = await hire(1, { ...plan, engines: 1, fates: { 2: { how: 'exit', times: 1 } } });
    await expect(pass(alone.crew)).rejects.toThrow('no worker is left, and none can be started: no memory');
    await expect(pass(alone.crew)).rejects.toThrow('none can be started: no memory');
  });

  it('rejects what is under way when it is closed, and everything after that', async () => {
    const { crew } = await hire(1, { delays: { 0: 10_000 } });
    const running = pass(crew);
    const outcome = expect(running).rejects.toThrow('this pool of workers is closed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await crew.close();
    await outcome;
    await expect(pass(crew)).rejects.toThrow('this pool of workers is closed');
  });
});
