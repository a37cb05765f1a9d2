import fc from 'fast-check';
import type { Fate } from './stepped-execution.ts';

/**
 * One thing that happens while a stream is delivered.
 *
 * - `deliver`: the shard's pipe sends `size` records from `back` before its checkpoint on: 0 is where it should, more
 *   is a redelivery, perhaps cut elsewhere. `skip` breaks the order: it starts that many records after the checkpoint.
 *   A delivery that is still under way ends first.
 * - `step`: the shard's delivery makes one call for each fate.
 * - `crash`: the execution ends where it is. `lose`: the pipe gives the execution up and delivers its records again,
 *   while the execution runs on: a survivor.
 * - `wake`: a survivor makes `calls` more calls.
 */
export type Op =
  | { op: 'deliver'; shard: 0 | 1; back: number; size: number; skip?: number }
  | { op: 'step'; shard: 0 | 1; fates: Fate[] }
  | { op: 'crash'; shard: 0 | 1 }
  | { op: 'lose'; shard: 0 | 1 }
  | { op: 'wake'; survivor: number; calls: number };

/**
 * After `ops`, everything that is not processed yet is delivered. The survivors that are left run to their ends after
 * that (`survivorsRunOn`), or crash before it.
 */
export interface History {
  ops: Op[];
  survivorsRunOn: boolean;
  /**
   * The option of this name with which the workflow is deployed for its first execution, its second and so on, and
   * then again from the first; 1 without any.
   */
  counterItems?: number[];
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
 * A delivery of a shard's records, some steps of it, and how it ends. Without an end it goes on when its shard is
 * delivered next.
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
const wake: fc.Arbitrary<Op[]> = fc.record({ survivor: fc.nat(3), calls }).map((wake) => [{ op: 'wake', ...wake }]);
const none = fc.constant(0);

function histories(survivorsRunOn: fc.Arbitrary<boolean>, ...incidents: fc.MaybeWeightedArbitrary<Op[]>[]) {
  const ops = fc.array(fc.oneof(...incidents), { maxLength: 8, size: 'max' });
  const counterItems = fc.array(fc.constantFrom(1, 2, 3, 100), { minLength: 1, maxLength: 3 });
  return fc
    .record({ ops, survivorsRunOn, counterItems })
    .map(({ ops, ...rest }): History => ({ ops: ops.flat(), ...rest }));
}

/** At least once and in order, one execution of a shard's records at a time. */
export const orderlyHistories = histories(
  fc.constant(false),
  { weight: 3, arbitrary: deliveries(fc.constantFrom<End>('crash', 'none', 'none'), none) },
  { weight: 1, arbitrary: step },
);

/** The same, with executions that run on while and after their records are delivered again. */
export const overlappingHistories = histories(
  fc.constantFrom(true, true, false),
  { weight: 4, arbitrary: deliveries(fc.constantFrom<End>('crash', 'lose', 'lose', 'none', 'none'), none) },
  { weight: 1, arbitrary: step },
  { weight: 3, arbitrary: wake },
);

/**
 * What AWS promises not to do: records delivered before earlier ones of their shard. No execution crashes.
 */
export const disorderlyHistories = histories(fc.constant(false), {
  weight: 1,
  arbitrary: deliveries(fc.constant<End>('none'), fc.constantFrom(0, 0, 1, 2, 3)),
});
