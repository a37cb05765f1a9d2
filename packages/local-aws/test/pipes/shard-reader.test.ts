import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { ShardReader } from '../../src/pipes/shard-reader.ts';
import { FakeStream } from './fixture.ts';

let clock: ManualClock;
let stream: FakeStream;
let closed: boolean;
let opened: (string | undefined)[];
let used: string[];
const signal = new AbortController().signal;

beforeEach(() => {
  clock = new ManualClock();
  stream = new FakeStream(clock);
  closed = false;
  opened = [];
  used = [];
  const { openIterator, getRecords } = stream;
  stream.openIterator = (shardId, after) => {
    opened.push(after);
    return openIterator.call(stream, shardId, after);
  };
  stream.getRecords = async (shardId, iterator, limit) => {
    used.push(iterator);
    const page = await getRecords.call(stream, shardId, iterator, limit);
    if (page.records.length > 0) return page;
    // Like kinesalite, an empty answer moves the iterator on, and only an iterator that was moved on finds the end.
    return { ...page, next: iterator === 'shard-0/1000' ? page.next : 'shard-0/1000' };
  };
});

const readerFrom = (from: ConstructorParameters<typeof ShardReader>[2]) =>
  new ShardReader({ stream, shardId: 'shard-0', isClosed: () => closed }, clock, from);

describe('reading a shard', () => {
  it('reads the same iterator again while nothing was ever read, since an empty answer may move it past a record', async () => {
    const reader = readerFrom({ at: 'oldest' });
    await reader.read(signal);
    await reader.read(signal);
    stream.put({ n: 1 });
    expect((await reader.read(signal)).records).toHaveLength(1);
    expect(used).toEqual(['shard-0/0', 'shard-0/0', 'shard-0/0']);
  });

  it('opens a new iterator before the old one is five minutes old', async () => {
    const reader = readerFrom({ at: 'oldest' });
    await reader.read(signal);
    await clock.advance(4 * 60_000);
    await reader.read(signal);
    expect(opened).toEqual([undefined, undefined]);
  });

  it('finds the end of a shard that closed empty', async () => {
    const reader = readerFrom({ at: 'oldest' });
    await reader.read(signal);
    closed = true;
    stream.close('shard-0');
    expect((await reader.read(signal)).ended).toBe(false);
    expect((await reader.read(signal)).ended).toBe(true);
  });

  it('continues at the oldest record when its position was trimmed', async () => {
    stream.put({ n: 1 });
    const reader = readerFrom({ at: 'after', sequenceNumber: '99' });
    const error = new Error('too old');
    error.name = 'TrimmedDataAccessException';
    stream.readErrors.push(error);
    await reader.read(signal);
    expect((await reader.read(signal)).records).toHaveLength(1);
    expect(opened).toEqual(['99', undefined]);
  });

  it('rejects a position of another stream with a remedy', async () => {
    const reader = readerFrom({ at: 'after', sequenceNumber: '99' });
    stream.openIterator = async () => {
      const error = new Error('it did not come from this stream');
      error.name = 'InvalidArgumentException';
      throw error;
    };
    await expect(reader.read(signal)).rejects.toMatchObject({ name: 'ForeignCheckpoint' });
    await expect(reader.read(signal)).rejects.toThrow('or start with --fresh');
  });

  it('asks for fewer records when they are large', async () => {
    const limits: number[] = [];
    const { getRecords } = stream;
    stream.getRecords = (shardId, iterator, limit) => {
      limits.push(limit);
      return getRecords.call(stream, shardId, iterator, limit);
    };
    for (let n = 0; n < 3; n += 1) stream.put({ big: 'x'.repeat(300_000) });
    const reader = readerFrom({ at: 'oldest' });
    await reader.read(signal);
    await reader.read(signal);
    expect(limits[0]).toBe(100);
    expect(limits[1]).toBeLessThan(30);
  });
});
