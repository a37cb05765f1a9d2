import { describe, expect, it } from '@jest/globals';

import { Decisions } from '../../src/faults/decisions.ts';
import { parseFaults } from '../../src/faults/parse-faults.ts';

/** Which of the first calls of an operation are hit; `others` are drawn between them. */
function hitCalls(spec: string, key: string, calls: number, others: readonly string[] = []): number[] {
  const parsed = parseFaults(spec);
  const decisions = new Decisions(parsed);
  const hit: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    for (const rule of parsed.rules) {
      for (const other of others) decisions.next(rule, other);
      if (decisions.next(rule, key) !== undefined && rule.kind === 'cut') {
        decisions.count(rule);
        hit.push(call);
      }
    }
  }
  return hit;
}

describe('decisions', () => {
  it('hit the same calls of an operation in every run with a seed, independent of other calls', () => {
    const alone = hitCalls('dynamodb.*:cut=10%,seed=7', 'dynamodb.GetItem', 500);
    expect(alone.length).toBeGreaterThan(25);
    expect(hitCalls('dynamodb.*:cut=10%,seed=7', 'dynamodb.GetItem', 500, ['dynamodb.PutItem', 'x'])).toEqual(alone);
    expect(hitCalls('kinesis.*:error=50%,dynamodb.*:cut=10%,seed=7', 'dynamodb.GetItem', 500)).toEqual(alone);
    expect(hitCalls('dynamodb.*:cut=10%,seed=8', 'dynamodb.GetItem', 500)).not.toEqual(alone);
    expect(hitCalls('dynamodb.*:cut=10%,seed=7', 'dynamodb.PutItem', 500)).not.toEqual(alone);
  });

  it('only grow with the share: what is hit at 5% is hit at 10% as well', () => {
    const [few, many] = [5, 10].map((share) => hitCalls(`s3.*:cut=${share}%`, 's3.PutObject', 1_000));
    expect(many).toEqual(expect.arrayContaining(few ?? []));
  });

  it.each([1, 10, 50, 100])('come as often as %d%% specifies', (share) => {
    const hits = hitCalls(`s3.*:cut=${share}%,seed=3`, 's3.PutObject', 20_000).length / 20_000;
    expect(Math.abs(hits - share / 100)).toBeLessThan(0.012);
  });

  it('end after the number of times that was given', () => {
    expect(hitCalls('s3.*:cut=100%x3', 's3.PutObject', 10)).toEqual([0, 1, 2]);
  });

  it('are counted by kind', () => {
    const { rules, seed } = parseFaults('s3.*:cut=100%,sqs.*:cut=100%,s3.*:error=100%');
    const decisions = new Decisions({ rules, seed });
    for (const rule of rules) decisions.count(rule);
    expect(decisions.counts).toEqual({ cut: 2, error: 1 });
  });
});
