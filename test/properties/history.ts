import fc from 'fast-check';
import type { Fate } from './stepped-execution.ts';

/**
 * One thing that happens while a stream is delivered.
 *
 * - `deliver`: the shard's pipe sends `size` records from `back` before its checkpoint on: 0 is where it should, more
 *   is a redelivery, perhaps cut elsewhere. `skip` breaks the order: it starts so many records after the checkpoint. A
 *   delivery that is still under way ends first.
 * - `step`: the shard's delivery makes one call for each fate.
 * - `crash`: the delivery dies where it stands. `lose`: the pipe loses sight of it, delivers again, and the execution
 *   is a zombie.
 * - `wake`: a zombie makes `calls` more calls.
 */
export type Op =
  | { op: 'deliver'; shard: 0 | 1; back: number; size: number; skip?: number }
  | { op: 'step'; shard: 0 | 1; fates: Fate[] }
  | { op: 'crash'; shard: 0 | 1 }
  | { op: 'lose'; shard: 0 | 1 }
  | { op: 'wake'; zombie: number; calls: number };

/**
 * After `ops`, everything that was not yet delivered is. Zombies that are left then run to their ends after all else,
 * or die before it.
 */
export interface History {
  ops: Op[];
  zombiesRunOn: boolean;
}

const shard = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const fate = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>('ok') },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('refused', 'lost', 'partial') },
);
const size = fc.integer({ min: 1, max: 6 });
const fates = fc.array(fate, { maxLength: 9, size: 'max' });
const calls = fc.integer({ min: 1, max: 9 });

type End = 'crash' | 'lose' | 'none';

/**
 * A delivery of a shard's records, some way along it, and how that ends; without an end it goes on when its shard is
 * next delivered.
 */
function deliveries(end: fc.Arbitrary<End>, skip: fc.Arbitrary<number>): fc.Arbitrary<Op[]> {
  const back = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) });
  return fc
    .record({ shard, back, size, skip, fates, end })
    .map(({ shard, back, size, skip, fates, end }): Op[] => [
      { op: 'deliver', shard, back: skip > 0 ? 0 : back, size, ...(skip > 0 ? { skip } : {}) },
      { op: 'step', shard, fates },
      ...(end === 'none' ? [] : [{ op: end, shard } satisfies Op]),
    ]);
}

const step: fc.Arbitrary<Op[]> = fc.record({ shard, fates }).map((step) => [{ op: 'step', ...step }]);
const wake: fc.Arbitrary<Op[]> = fc.record({ zombie: fc.nat(3), calls }).map((wake) => [{ op: 'wake', ...wake }]);
const none = fc.constant(0);

function histories(zombiesRunOn: fc.Arbitrary<boolean>, ...incidents: fc.MaybeWeightedArbitrary<Op[]>[]) {
  const ops = fc.array(fc.oneof(...incidents), { maxLength: 8, size: 'max' });
  return fc.record({ ops, zombiesRunOn }).map(({ ops, zombiesRunOn }): History => ({ ops: ops.flat(), zombiesRunOn }));
}

/** At least once and in order, one execution of a shard's records at a time. */
export const orderlyHistories = histories(
  fc.constant(false),
  { weight: 3, arbitrary: deliveries(fc.constantFrom<End>('crash', 'none', 'none'), none) },
  { weight: 1, arbitrary: step },
);

/** The same, with executions that run on while, and after, their records are delivered again. */
export const hauntedHistories = histories(
  fc.constantFrom(true, true, false),
  { weight: 4, arbitrary: deliveries(fc.constantFrom<End>('crash', 'lose', 'lose', 'none', 'none'), none) },
  { weight: 1, arbitrary: step },
  { weight: 3, arbitrary: wake },
);

/**
 * What AWS promises not to do: records delivered before earlier ones of their shard, by executions that none dies of.
 */
export const disorderlyHistories = histories(fc.constant(false), {
  weight: 1,
  arbitrary: deliveries(fc.constant<End>('none'), fc.constantFrom(0, 0, 1, 2, 3)),
});
