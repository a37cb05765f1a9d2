import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { until } from '../../../kit/test/until.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const SHARD = 'shardId-000000000000';
const arn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

/** The system's clock, moved. */
class ShiftedClock implements Clock {
  shiftMs = 0;
  now = () => systemClock.now() + this.shiftMs;
  sleep = systemClock.sleep;
}

const clock = new ShiftedClock();
let aws: TestEndpoint;
let StreamName: string;
let ConsumerARN: string | undefined;
let streams = 0;
beforeAll(async () => {
  aws = await startTestEndpoint({ clock });
});
afterAll(() => aws.stop());
beforeEach(async () => {
  streams += 1;
  StreamName = `stream-${streams}`;
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  ConsumerARN = (await register('reader')).Consumer?.ConsumerARN;
});

const register = (ConsumerName: string) =>
  aws.clients.kinesis.send(
    new RegisterStreamConsumerCommand({ StreamARN: arn(StreamName), ConsumerName, Tags: { of: ConsumerName } }),
  );
const put = (...data: string[]) =>
  aws.clients.kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: data.map((Data) => ({ PartitionKey: 'k', Data: Buffer.from(Data) })),
    }),
  );
const split = () =>
  aws.clients.kinesis.send(
    new SplitShardCommand({ StreamName, ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) }),
  );
const subscribe = async (StartingPosition: StartingPosition = { Type: 'TRIM_HORIZON' }, consumer = ConsumerARN) => {
  const command = new SubscribeToShardCommand({ ConsumerARN: consumer, ShardId: SHARD, StartingPosition });
  const { EventStream } = await aws.clients.kinesis.send(command);
  if (EventStream === undefined) throw new Error('no event stream');
  return EventStream[Symbol.asyncIterator]();
};
type Events = Awaited<ReturnType<typeof subscribe>>;

/** The next event with records, or the last one. */
async function next(events: Events): Promise<SubscribeToShardEvent> {
  for (;;) {
    const { value, done } = await events.next();
    const event = value?.SubscribeToShardEvent;
    if (done || event === undefined) throw new Error('the stream ended');
    if ((event.Records ?? []).length > 0 || event.ChildShards !== undefined) return event;
  }
}
const texts = ({ Records = [] }: SubscribeToShardEvent) =>
  Records.map(({ Data }) => Buffer.from(Data ?? []).toString());

describe('a consumer', () => {
  it('is active at once, and found by its ARN or its name', async () => {
    expect(ConsumerARN).toMatch(/:stream\/stream-\d+\/consumer\/reader:\d+$/);
    for (const input of [{ ConsumerARN }, { StreamARN: arn(StreamName), ConsumerName: 'reader' }]) {
      const { ConsumerDescription } = await aws.clients.kinesis.send(new DescribeStreamConsumerCommand(input));
      expect(ConsumerDescription).toMatchObject({
        ConsumerName: 'reader',
        ConsumerARN,
        ConsumerStatus: 'ACTIVE',
        StreamARN: arn(StreamName),
        ConsumerCreationTimestamp: expect.any(Date),
      });
    }
    const tags = await aws.clients.kinesis.send(new ListTagsForResourceCommand({ ResourceARN: ConsumerARN }));
    expect(tags.Tags).toEqual([{ Key: 'of', Value: 'reader' }]);
  });

  it('has a name of its own', async () => {
    await expect(register('reader')).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('is listed in pages and counted', async () => {
    for (const name of ['a', 'z']) await register(name);
    const list = (more: object) =>
      aws.clients.kinesis.send(new ListStreamConsumersCommand({ StreamARN: arn(StreamName), MaxResults: 2, ...more }));
    const first = await list({});
    const second = await list({ NextToken: first.NextToken });
    const names = [first, second].map(({ Consumers = [] }) => Consumers.map(({ ConsumerName }) => ConsumerName));
    expect([...names, second.NextToken]).toEqual([['a', 'reader'], ['z'], undefined]);
    const { StreamDescriptionSummary } = await aws.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    expect(StreamDescriptionSummary?.ConsumerCount).toBe(3);
  });

  it('keeps its stream from being deleted until it is deregistered or the caller insists', async () => {
    const remove = (EnforceConsumerDeletion?: boolean) =>
      aws.clients.kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion }));
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await aws.clients.kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    await expect(aws.clients.kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await register('reader');
    await remove(true);
  });
});

describe('SubscribeToShard', () => {
  it('sends what is there and what comes', async () => {
    await put('a', 'b');
    const events = await subscribe();
    const first = await next(events);
    expect(texts(first)).toEqual(['a', 'b']);
    expect(first.Records?.[0]).toMatchObject({
      PartitionKey: 'k',
      SequenceNumber: expect.stringMatching(/^\d{56}$/),
      ApproximateArrivalTimestamp: expect.any(Date),
    });
    expect(first.ContinuationSequenceNumber).toBe(first.Records?.at(-1)?.SequenceNumber);
    expect(first.MillisBehindLatest).toBe(0);
    await put('c');
    expect(texts(await next(events))).toEqual(['c']);
    await events.return?.();
  });

  it.each([
    ['LATEST', async (): Promise<StartingPosition> => ({ Type: 'LATEST' }), ['c']],
    ['the time of the last record', async () => ({ Type: 'AT_TIMESTAMP', Timestamp: (await last()).at }), ['b', 'c']],
    [
      'the last record',
      async () => ({ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: (await last()).number }),
      ['b', 'c'],
    ],
    ['after it', async () => ({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: (await last()).number }), ['c']],
  ] as [string, () => Promise<StartingPosition>, string[]][])('starts at %s', async (_case, position, expected) => {
    await put('a');
    const putMs = systemClock.now();
    await until(() => systemClock.now() > putMs);
    await put('b');
    const events = await subscribe(await position());
    await put('c');
    const seen: string[] = [];
    while (seen.length < expected.length) seen.push(...texts(await next(events)));
    expect(seen).toEqual(expected);
    await events.return?.();
  });

  it('continues after the number that it gave, also when no record had come', async () => {
    for (const Type of ['TRIM_HORIZON', 'LATEST'] as const) {
      const events = await subscribe({ Type });
      const { value } = await events.next();
      const SequenceNumber = value?.SubscribeToShardEvent?.ContinuationSequenceNumber;
      await events.return?.();
      await put(Type);
      clock.shiftMs += 6_000;
      const again = await subscribe({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
      expect(texts(await next(again))).toEqual([Type]);
      await again.return?.();
      clock.shiftMs += 6_000;
    }
  });

  it('ends with the children of a closed shard', async () => {
    await put('a');
    await split();
    const events = await subscribe();
    expect(texts(await next(events))).toEqual(['a']);
    const end = await next(events);
    expect(end.ContinuationSequenceNumber).toBeUndefined();
    expect(end.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ['shardId-000000000001', [SHARD]],
      ['shardId-000000000002', [SHARD]],
    ]);
    expect((await events.next()).done).toBe(true);
  });

  it('ends after five minutes', async () => {
    const events = await subscribe();
    await events.next();
    clock.shiftMs += 5 * 60_000;
    for (;;) if ((await events.next()).done) break;
  });

  it('refuses a second call within five seconds, and lets a later one take over', async () => {
    const events = await subscribe();
    await events.next();
    await expect(subscribe()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    clock.shiftMs += 5_000;
    const later = await subscribe();
    const loseIt = async () => {
      for (;;) if ((await events.next()).done) return 'ended';
    };
    await expect(loseIt()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await put('x');
    expect(texts(await next(later))).toEqual(['x']);
    await later.return?.();
  });

  it('refuses a consumer, a shard and a time that are not there', async () => {
    const other = `${arn(StreamName)}/consumer/other:1`;
    await expect(subscribe(undefined, other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const future = { Type: 'AT_TIMESTAMP', Timestamp: new Date(clock.now() + 60_000) } as const;
    await expect(subscribe(future)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    const command = new SubscribeToShardCommand({
      ConsumerARN,
      ShardId: 'shardId-000000000007',
      StartingPosition: { Type: 'LATEST' },
    });
    await expect(aws.clients.kinesis.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

async function last(): Promise<{ number: string | undefined; at: Date | undefined }> {
  const { ShardIterator } = await aws.clients.kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records } = await aws.clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  const record = Records?.at(-1);
  return { number: record?.SequenceNumber, at: record?.ApproximateArrivalTimestamp };
}
