import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import type { ShardPosition } from '../../src/pipes/checkpoint.ts';
import { createPipesService } from '../../src/pipes/service.ts';
import { streamArn } from './fixture.ts';

const after = (sequenceNumber: string): ShardPosition => ({ at: 'after', sequenceNumber });
const reader = (positions: Record<string, ShardPosition>) => ({
  sourceArn: streamArn,
  positions: new Map(Object.entries(positions)),
});

describe('the checkpoints below which streams are trimmed', () => {
  it.each<[string, ReturnType<typeof reader>[], Record<string, string | null>]>([
    ['the lowest of all', [reader({ a: after('9') }), reader({ a: after('10') })], { a: '9' }],
    ['none where one has not begun', [reader({ a: after('9') }), reader({ a: { at: 'oldest' } })], { a: null }],
    ['none where one does not know the shard', [reader({ a: after('9') }), reader({})], { a: null }],
    ['not held by one that is done', [reader({ a: after('9') }), reader({ a: { at: 'end' } })], { a: '9' }],
    ['absent where all are done', [reader({ a: { at: 'end' } })], {}],
  ])('are, with readers beside the pipes, %s', (_, readers, expected) => {
    const service = createPipesService({
      clock: new ManualClock(),
      random: seededRandom(1),
      dataFolder: '/nowhere',
      region: 'us-east-1',
      accountId: '000000000000',
      meter: unmetered,
      clients: () => {
        throw new Error('no call is made');
      },
      otherReaders: () => readers,
    });
    expect(service.checkpoints().get(streamArn)).toEqual(new Map(Object.entries(expected)));
  });
});
