import { describe, expect, it } from '@jest/globals';
import { parseFaults } from '@tweet-pipes/local-aws/faults/parse-faults';
import { endName } from '../../src/chaos/end.ts';
import { type Life, planLives } from '../../src/chaos/plan.ts';

function take(seed: number, count: number): Life[] {
  const lives = planLives(seed);
  return Array.from({ length: count }, () => lives.next().value);
}

describe('planLives', () => {
  it('plans the same lives for the same seed and others for another', () => {
    expect(take(1, 200)).toEqual(take(1, 200));
    expect(take(1, 200)).not.toEqual(take(2, 200));
  });

  it('meets every kind of end, in every call and file step, within the lives of a long run', () => {
    const ends = take(3, 100).map(({ end }) => end);
    expect(new Set(ends.map(endName)).size).toBe(7);
    const steps = ends.flatMap((end) => (end.how === 'kill-file' ? [`${end.file} ${end.operation} ${end.when}`] : []));
    expect(steps).toContain('checkpoint write half');
    expect(steps).toContain('checkpoint rename before');
    expect(steps).toContain('journal write half');
    expect(steps).toContain('journal remove before');
    expect(ends).toContainEqual(expect.objectContaining({ how: 'kill-call', operation: 'UpdateItem', when: 'after' }));
  });

  it('asks only for faults that the runtime can inject', () => {
    const specs = take(4, 300).flatMap(({ faults }) => (faults === '' ? [] : [faults]));
    for (const spec of specs) expect(parseFaults(spec).rules.length).toBeGreaterThan(1);
    expect(specs.join()).toMatch(/crash/);
  });
});
