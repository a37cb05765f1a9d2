import { describe, expect, it } from '@jest/globals';
import { parseFaults } from '@tweet-pipes/local-aws/faults/parse-faults';
import { crashPointName } from '../../src/chaos/crash-point.ts';
import { planRounds, type Round } from '../../src/chaos/plan.ts';

function take(seed: number, count: number): Round[] {
  const rounds = planRounds(seed);
  return Array.from({ length: count }, () => rounds.next().value);
}

describe('planRounds', () => {
  it('plans the same rounds for the same seed and others for another', () => {
    expect(take(1, 200)).toEqual(take(1, 200));
    expect(take(1, 200)).not.toEqual(take(2, 200));
  });

  it('has every kind of crash point, in every call and file step, within the rounds of a long run', () => {
    const crashPoints = take(3, 100).map(({ crashPoint }) => crashPoint);
    expect(new Set(crashPoints.map(crashPointName)).size).toBe(9);
    const steps = crashPoints.flatMap((crashPoint) =>
      crashPoint.how === 'kill-file' ? [`${crashPoint.file} ${crashPoint.operation} ${crashPoint.when}`] : [],
    );
    expect(steps).toContain('checkpoint write half');
    expect(steps).toContain('checkpoint rename before');
    expect(steps).toContain('journal write half');
    expect(steps).toContain('journal remove before');
    expect(crashPoints).toContainEqual(
      expect.objectContaining({ how: 'kill-call', operation: 'UpdateItem', when: 'after' }),
    );
  });

  it('splits and merges shards of both streams', () => {
    const rounds = take(5, 60);
    for (const kinds of [rounds.map(({ reshard }) => reshard?.kind), rounds.map((round) => round.salesReshard?.kind)]) {
      expect(new Set(kinds)).toEqual(new Set(['split', 'merge', undefined]));
    }
  });

  it('asks only for faults that the runtime can inject', () => {
    const specs = take(4, 300).flatMap(({ faults }) => (faults === '' ? [] : [faults]));
    for (const spec of specs) expect(parseFaults(spec).rules.length).toBeGreaterThan(1);
    expect(specs.join()).toMatch(/crash/);
  });
});
