import { KinesisServiceException } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { LandedInStream } from '@tweet-pipes/producer/kinesis-sink';
import { type KinesisWriterOptions, writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import { largestRecordBytes, type StreamRecord } from '@tweet-pipes/producer/record';
import { Wake } from '@tweet-pipes/producer/wake';
import { WriteError } from '@tweet-pipes/producer/write-error';
import fc from 'fast-check';
import { eagerClock, FakeKinesis, type Verdict } from './fake-kinesis.ts';

function record(partitionKey: string, data: string): StreamRecord {
  return { partitionKey, data: Buffer.from(data) };
}

function numbered(count: number, keys = count): StreamRecord[] {
  return Array.from({ length: count }, (_, index) => record(`key-${index % keys}`, String(index)));
}

function write(
  source: AsyncIterable<StreamRecord> | Iterable<StreamRecord>,
  client: FakeKinesis,
  options: Partial<KinesisWriterOptions<StreamRecord>> = {},
) {
  return writeRecords(source, {
    client,
    streamName: 'tweets',
    clock: eagerClock(),
    random: seededRandom(1),
    ...options,
  });
}

function serviceError(name: string, fault: 'client' | 'server', httpStatusCode: number) {
  return new KinesisServiceException({
    name,
    $fault: fault,
    message: `${name} happened`,
    $metadata: { httpStatusCode },
  });
}

const verdict = fc.constantFrom<Verdict>('store', 'store', 'throttle', 'fail');

describe('the Kinesis writer', () => {
  it('loses nothing, keeps the order of each key and never has one key in flight twice, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }),
        fc.infiniteStream(verdict),
        fc.record({
          recordsPerCall: fc.integer({ min: 1, max: 7 }),
          callsInFlight: fc.integer({ min: 1, max: 4 }),
        }),
        async (keys, verdicts, options) => {
          const client = new FakeKinesis();
          client.verdict = () => verdicts.next().value ?? 'store';
          const records = keys.map((key, index) => record(`key-${key}`, String(index)));
          const summary = await write(records, client, { ...options, attempts: 1000 });
          expect(summary).toMatchObject({ sent: records.length, lost: 0, oversized: 0, isAborted: false });
          expect(client.overlaps).toEqual([]);
          for (const key of new Set(records.map(({ partitionKey }) => partitionKey))) {
            const sent = records.filter((some) => some.partitionKey === key).map(({ data }) => data.toString());
            expect(client.stored.filter((some) => some.partitionKey === key).map(({ data }) => data)).toEqual(sent);
          }
          expect(Math.max(0, ...client.calls.map((call) => call.records))).toBeLessThanOrEqual(options.recordsPerCall);
          expect(client.mostCallsInFlight).toBeLessThanOrEqual(options.callsInFlight);
        },
      ),
    );
  });

  it('fills its calls and has several in flight', async () => {
    const client = new FakeKinesis();
    const summary = await write(numbered(2200), client);
    expect(client.calls.map(({ records }) => records)).toEqual([500, 500, 500, 500, 200]);
    expect(client.mostCallsInFlight).toBe(4);
    expect(summary).toMatchObject({ sent: 2200, bytes: client.stored.reduce((sum, { data }) => sum + data.length, 0) });
  });

  it('keeps each call below its bytes, and the order although a smaller record would still have fitted', async () => {
    const client = new FakeKinesis();
    const records = [record('a', 'x'.repeat(600)), record('b', 'y'.repeat(600)), record('b', 'z'), record('c', 'z')];
    await write(records, client, { bytesPerCall: 1000, callsInFlight: 1 });
    expect(client.calls.map(({ bytes }) => bytes)).toEqual([600, 601, 1]);
    expect(client.stored.map(({ data }) => data[0])).toEqual(['x', 'y', 'z', 'z']);
  });

  it('retries only the failed records, and counts the attempts', async () => {
    const client = new FakeKinesis();
    const answers: Record<string, Verdict[]> = { 1: ['throttle', 'throttle'], 3: ['fail'] };
    client.verdict = (data) => answers[data]?.shift() ?? 'store';
    const landed = new Map<string, LandedInStream>();
    const summary = await write(numbered(5), client, {
      onLanded: ({ data }, where) => landed.set(data.toString(), where),
    });
    expect(client.calls.map(({ records }) => records)).toEqual([5, 2, 1]);
    expect(summary).toMatchObject({ sent: 5, retried: 3, throttled: 2, lost: 0 });
    expect(landed.get('1')).toEqual({ shardId: 'shardId-000000000000', sequenceNumber: '5', maybeTwice: false });
    expect(landed.get('3')?.maybeTwice).toBe(true);
  });

  it('gives a record up after its attempts, reports why, and continues with the next of its key', async () => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    client.verdict = (data) => (data === '0' ? 'fail' : 'store');
    const lost: string[] = [];
    const summary = await write(numbered(4, 2), client, {
      attempts: 3,
      clock,
      onLost: ({ data }, reason) => lost.push(`${data.toString()} ${reason}`),
    });
    expect(summary).toMatchObject({ sent: 3, lost: 1, retried: 2 });
    expect(lost).toEqual(['0 InternalFailure: Internal service failure.']);
    expect(client.stored.map(({ data }) => data).sort()).toEqual(['1', '2', '3']);
    expect(clock.sleptMs).toBeGreaterThan(0);
    expect(clock.sleptMs).toBeLessThan(300);
  });

  it('loses nothing to a stream that throttles for long: fewer calls, longer waits, and backpressure', async () => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    let throttles = 400;
    client.verdict = () => (throttles-- > 0 ? 'throttle' : 'store');
    let read = 0;
    function* source() {
      for (const some of numbered(300)) {
        read += 1;
        expect(read - client.stored.length).toBeLessThanOrEqual(51);
        yield some;
      }
    }
    const summary = await write(source(), client, { recordsPerCall: 10, attempts: 2, clock });
    expect(summary).toMatchObject({ sent: 300, lost: 0, throttled: 400, retried: 400 });
    expect(clock.sleptMs).toBeGreaterThan(1000);
    expect(client.overlaps).toEqual([]);
  });

  it('lingers to fill a call, but not for the last records', async () => {
    const client = new FakeKinesis();
    const clock = new ManualClock();
    const more = new Wake();
    async function* source() {
      yield* numbered(3);
      await more.sleep();
      yield record('x', 'x');
    }
    const writing = write(source(), client, { clock, lingerMs: 200 });
    await clock.advance(199);
    expect(client.calls).toEqual([]);
    await clock.advance(1);
    for (let turns = 0; turns < 20; turns += 1) await clock.advance(0);
    expect(client.calls).toMatchObject([{ records: 3 }]);
    more.up();
    expect(await writing).toMatchObject({ sent: 4 });
    expect(client.calls).toMatchObject([{ records: 3 }, { records: 1 }]);
  });

  it.each([
    ['a connection that breaks', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), true],
    ['a server error', serviceError('InternalFailure', 'server', 500), true],
    ['a throttled call', serviceError('ThrottlingException', 'client', 400), false],
  ])('retries after %s', async (_, error, maybeTwice) => {
    const client = new FakeKinesis();
    let failures = 2;
    client.before = () => (failures-- > 0 ? Promise.reject(error) : Promise.resolve());
    const landed: LandedInStream[] = [];
    const summary = await write(numbered(3), client, { onLanded: (_record, where) => landed.push(where) });
    expect(summary).toMatchObject({ sent: 3, retried: 6, lost: 0 });
    expect(landed.map((where) => where.maybeTwice)).toEqual([maybeTwice, maybeTwice, maybeTwice]);
  });

  it.each([
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4566'), { code: 'ECONNREFUSED' })],
    ['an endpoint that cannot work', serviceError('ServiceUnavailable', 'server', 503)],
  ])('waits through ten minutes of %s and loses nothing', async (_, error) => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    client.before = () => (clock.sleptMs < 600_000 ? Promise.reject(error) : Promise.resolve());
    const outages: string[] = [];
    let read = 0;
    function* source() {
      for (const some of numbered(300)) {
        read += 1;
        expect(read - client.stored.length).toBeLessThanOrEqual(51);
        yield some;
      }
    }
    const summary = await write(source(), client, {
      recordsPerCall: 10,
      attempts: 2,
      clock,
      onOutage: (reason) => outages.push(reason),
      onOutageEnd: (lastedMs) => outages.push(`${Math.floor(lastedMs / 60_000)} minutes`),
    });
    expect(summary).toMatchObject({ sent: 300, lost: 0, throttled: 0, isAborted: false });
    expect(outages).toEqual([expect.stringMatching(/ECONNREFUSED|ServiceUnavailable/), '10 minutes']);
    expect(client.overlaps).toEqual([]);
  });

  it('reports nothing about an outage of less than a second', async () => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    client.before = () => (clock.sleptMs < 500 ? Promise.reject(error) : Promise.resolve());
    const report = () => {
      throw new Error('reported');
    };
    const options = { clock, callsInFlight: 1, onOutage: report, onOutageEnd: report };
    expect(await write(numbered(3), client, options)).toMatchObject({ sent: 3, lost: 0 });
  });

  it('gives a stream up that does not answer for too long: all that was read is lost, by name, and no more is read', async () => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    client.before = () =>
      client.stored.length < 20
        ? Promise.resolve()
        : Promise.reject(Object.assign(new Error(''), { code: 'ETIMEDOUT' }));
    const [read, lost]: [string[], string[]] = [[], []];
    function* source() {
      for (const some of numbered(1000)) {
        read.push(some.partitionKey);
        yield some;
      }
    }
    const summary = await write(source(), client, {
      recordsPerCall: 10,
      callsInFlight: 2,
      clock,
      giveUpAfterMs: 30_000,
      onLost: ({ partitionKey }, reason) => lost.push(`${partitionKey} ${reason}`),
    });
    expect(summary).toMatchObject({ sent: client.stored.length, lost: read.length - client.stored.length });
    expect(summary).toMatchObject({ isAborted: true, givenUp: 'The stream did not answer for 30 s: ETIMEDOUT' });
    expect(read.length).toBeLessThan(60);
    const stored = new Set(client.stored.map(({ partitionKey }) => partitionKey));
    expect(lost.toSorted()).toEqual(
      read
        .filter((key) => !stored.has(key))
        .map((key) => `${key} ${summary.givenUp}`)
        .toSorted(),
    );
  });

  it('stops on an abort while it waits for a stream, after a last attempt', async () => {
    const client = new FakeKinesis();
    const clock = new ManualClock();
    let attempts = 0;
    client.before = () => {
      attempts += 1;
      return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    };
    const abort = new AbortController();
    const writing = write(numbered(3), client, { clock, signal: abort.signal });
    await clock.advance(60_000);
    const before = attempts;
    abort.abort();
    expect(await writing).toMatchObject({
      sent: 0,
      lost: 3,
      givenUp: 'The stream did not answer when the program was stopped: connect ECONNREFUSED',
    });
    expect(attempts).toBe(before + 1);
  });

  it('still writes what was read when the stream answers soon after an abort', async () => {
    const client = new FakeKinesis();
    const clock = eagerClock();
    const abort = new AbortController();
    client.before = () => {
      abort.abort();
      if (clock.sleptMs > 1_000) return Promise.resolve();
      return Promise.reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    };
    expect(await write(numbered(3), client, { clock, signal: abort.signal })).toMatchObject({ sent: 3, lost: 0 });
  });

  it('ends at once on a permanent error, with what it had written', async () => {
    const client = new FakeKinesis();
    let calls = 0;
    client.before = async () => {
      calls += 1;
      if (calls > 1) throw serviceError('ResourceNotFoundException', 'client', 400);
    };
    const writing = write(numbered(40), client, { recordsPerCall: 10, callsInFlight: 1 });
    const error = await writing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WriteError);
    expect(error).toMatchObject({
      message: 'Cannot write to the stream tweets: ResourceNotFoundException happened',
      summary: { sent: 10 },
    });
    expect(calls).toBe(2);
  });

  it('reports records that are too large, and sends one that just fits', async () => {
    const client = new FakeKinesis();
    const oversized: number[] = [];
    const summary = await write(
      [record('k', 'a'.repeat(largestRecordBytes)), record('k', 'a'.repeat(largestRecordBytes - 1)), record('k', 'b')],
      client,
      { onOversized: (_record, bytes) => oversized.push(bytes) },
    );
    expect(summary).toMatchObject({ sent: 2, oversized: 1 });
    expect(oversized).toEqual([largestRecordBytes + 1]);
  });

  it('tells each record once what became of it', async () => {
    const client = new FakeKinesis();
    client.verdict = (data) => (data === '1' ? 'fail' : 'store');
    const settled: string[] = [];
    const told = (of: StreamRecord, name: string): StreamRecord => ({
      ...of,
      onSettled: (settledAs) => settled.push(`${name} ${settledAs}`),
    });
    const large = told(record('k', 'a'.repeat(largestRecordBytes)), 'large');
    await write([...numbered(3).map((of) => told(of, of.partitionKey)), large], client, { attempts: 2 });
    expect(settled.sort()).toEqual(['key-0 sent', 'key-1 lost', 'key-2 sent', 'large oversized']);
  });

  it('reads no further than a few calls ahead of what it has written', async () => {
    const client = new FakeKinesis();
    let read = 0;
    function* source() {
      for (const some of numbered(1000)) {
        read += 1;
        expect(read - client.stored.length).toBeLessThanOrEqual(31);
        yield some;
      }
    }
    expect(await write(source(), client, { recordsPerCall: 10, callsInFlight: 2 })).toMatchObject({ sent: 1000 });
  });

  it('sends what a slow source has given so far, and on abort writes what was read', async () => {
    const client = new FakeKinesis();
    const abort = new AbortController();
    async function* source() {
      yield* numbered(3);
      await new Promise(() => {});
    }
    const writing = write(source(), client, {
      signal: abort.signal,
      onLanded: () => {
        if (client.stored.length === 3) abort.abort();
      },
    });
    expect(await writing).toMatchObject({ sent: 3, isAborted: true });
  });

  it('writes what a source gave before it failed', async () => {
    const client = new FakeKinesis();
    const failure = new Error('disk on fire');
    function* source() {
      yield* numbered(3);
      throw failure;
    }
    expect(await write(source(), client)).toMatchObject({ sent: 3, sourceError: failure });
  });
});
