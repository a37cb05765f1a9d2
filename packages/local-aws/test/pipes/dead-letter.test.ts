import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { deadLetterBody } from '../../src/pipes/dead-letter.ts';
import type { DeadLetterCondition } from '../../src/pipes/delivery.ts';
import { readCases, recordOf } from './fixture.ts';

interface Input {
  kind: 'kinesis' | 'dynamodb';
  condition: DeadLetterCondition;
  now: string;
  /** When the records, 1 and following, arrived. */
  arrivals: string[];
}

describe('the dead-letter message points at', () => {
  const cases = readCases<Input, JsonObject>(new URL('cases/dead-letters.json', import.meta.url));
  it.each(cases)('$name', ({ input: { kind, condition, now, arrivals }, expected }) => {
    const body = deadLetterBody({
      pipeArn: 'pipe-arn',
      source: { kind, arn: 'stream-arn' },
      shardId: 'shard-0',
      condition,
      records: arrivals.map((arrival, index) => recordOf(index + 1, {}, Date.parse(arrival))),
      nowMs: Date.parse(now),
    });
    expect(body).toEqual(expected);
  });
});
