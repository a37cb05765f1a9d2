import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  type ListShardsCommandInput,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  MergeShardsCommand,
  SplitShardCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock, systemClock } from '@tweet-pipes/kit/clock';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const id = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;
const arn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

let aws: TestEndpoint;
let clock: ManualClock;
beforeAll(async () => {
  clock = new ManualClock(systemClock.now());
  aws = await startTestEndpoint({ clock });
  for (const [StreamName, ShardCount] of [
    ['four', 4],
    ['split', 1],
    ['merged', 2],
  ] as const) {
    await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  }
  const NewStartingHashKey = String(2n ** 127n);
  await aws.clients.kinesis.send(
    new SplitShardCommand({ StreamName: 'split', ShardToSplit: id(0), NewStartingHashKey }),
  );
  await aws.clients.kinesis.send(
    new MergeShardsCommand({ StreamName: 'merged', ShardToMerge: id(0), AdjacentShardToMerge: id(1) }),
  );
});
afterAll(() => aws.stop());

const list = (input: ListShardsCommandInput) => aws.clients.kinesis.send(new ListShardsCommand(input));
const ids = (shards: readonly { ShardId?: string | undefined }[] = []) =>
  shards.map(({ ShardId }) => Number(ShardId?.slice('shardId-'.length)));

describe('ListShards', () => {
  it('gives pages by MaxResults and NextToken', async () => {
    const pages: number[][] = [];
    let input: ListShardsCommandInput = { StreamName: 'four', MaxResults: 3 };
    for (;;) {
      const { Shards, NextToken } = await list(input);
      pages.push(ids(Shards));
      if (NextToken === undefined) break;
      input = { NextToken, MaxResults: 3, StreamARN: arn('four') };
    }
    expect(pages).toEqual([[0, 1, 2], [3]]);
  });

  it('gives no token with the last page, however large', async () => {
    expect((await list({ StreamARN: arn('four'), MaxResults: 4 })).NextToken).toBeUndefined();
  });

  it('keeps the filter of the first page', async () => {
    const ShardFilter = { Type: 'AT_LATEST' } as const;
    const first = await list({ StreamName: 'split', MaxResults: 1, ShardFilter });
    const second = await list({ NextToken: first.NextToken });
    expect([ids(first.Shards), ids(second.Shards)]).toEqual([[1], [2]]);
  });

  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
  it.each([
    ['split', { Type: 'AT_LATEST' }, [1, 2]],
    ['split', { Type: 'AT_TRIM_HORIZON' }, [0]],
    ['split', { Type: 'FROM_TRIM_HORIZON' }, [0, 1, 2]],
    ['split', { Type: 'AFTER_SHARD_ID', ShardId: id(1) }, [2]],
    ['split', { Type: 'AT_TIMESTAMP', Timestamp: new Date(systemClock.now() - 3_600_000) }, [0]],
    ['split', { Type: 'AT_TIMESTAMP', Timestamp: new Date(systemClock.now() + 60_000) }, [1, 2]],
    ['split', { Type: 'FROM_TIMESTAMP', Timestamp: new Date(systemClock.now() - 3_600_000) }, [0, 1, 2]],
    ['split', { Type: 'FROM_TIMESTAMP', Timestamp: new Date(systemClock.now() + 60_000) }, [1, 2]],
    ['merged', { Type: 'AT_TRIM_HORIZON' }, [0, 1]],
    ['merged', { Type: 'AT_LATEST' }, [2]],
  ] as const)('filters the shards of %s by %j', async (StreamName, ShardFilter, expected) => {
    expect(ids((await list({ StreamName, ShardFilter })).Shards)).toEqual(expected);
  });

  it('tells streams of one name apart by their creation', async () => {
    const { StreamDescriptionSummary: stream } = await aws.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'four' }),
    );
    const StreamCreationTimestamp = stream?.StreamCreationTimestamp ?? new Date(0);
    expect(ids((await list({ StreamName: 'four', StreamCreationTimestamp })).Shards)).toHaveLength(4);
    const earlier = list({ StreamName: 'four', StreamCreationTimestamp: new Date(0) });
    await expect(earlier).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each<[string, ListShardsCommandInput, string]>([
    ['neither name nor token', {}, 'Either NextToken or StreamName'],
    ['an unknown token', { NextToken: 'abc' }, 'NextToken is invalid'],
    [
      'a time filter without a time',
      { StreamName: 'four', ShardFilter: { Type: 'AT_TIMESTAMP' } },
      'requires Timestamp',
    ],
    ['a shard filter without a shard', { StreamName: 'four', ShardFilter: { Type: 'AFTER_SHARD_ID' } }, 'ShardId'],
  ])('refuses %s', async (_case, input, message) => {
    await expect(list(input)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a token beside what it stands for, and an old one', async () => {
    const { NextToken } = await list({ StreamName: 'four', MaxResults: 1 });
    for (const beside of [
      { StreamName: 'four' },
      { ExclusiveStartShardId: id(0) },
      { ShardFilter: { Type: 'AT_LATEST' } as const },
    ]) {
      await expect(list({ NextToken, ...beside })).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    }
    const { NextToken: ofStreams } = await aws.clients.kinesis.send(new ListStreamsCommand({ Limit: 1 }));
    await expect(list({ NextToken: ofStreams })).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await clock.advance(301_000);
    await expect(list({ NextToken })).rejects.toMatchObject({ name: 'ExpiredNextTokenException' });
  });

  it.each([
    ['MaxResults', { StreamName: 'four', MaxResults: 0 }, "'maxResults' failed to satisfy constraint"],
    ['a type', { StreamName: 'four', ShardFilter: { Type: 'NEWEST' } }, "'shardFilter.type' failed to satisfy"],
  ])('refuses another value of %s', async (_case, input, message) => {
    const call = aws.clients.kinesis.send(Object.assign(new ListShardsCommand({}), { input }));
    await expect(call).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});

describe('DescribeStream', () => {
  const describeStream = async (input: { Limit?: number; ExclusiveStartShardId?: string }) => {
    const command = new DescribeStreamCommand({ StreamARN: arn('four'), ...input });
    const { StreamDescription: stream } = await aws.clients.kinesis.send(command);
    return { shards: ids(stream?.Shards), more: stream?.HasMoreShards };
  };

  it('gives pages by Limit and ExclusiveStartShardId', async () => {
    expect(await describeStream({ Limit: 2 })).toEqual({ shards: [0, 1], more: true });
    expect(await describeStream({ ExclusiveStartShardId: id(1) })).toEqual({ shards: [2, 3], more: false });
    expect(await describeStream({ ExclusiveStartShardId: id(3) })).toEqual({ shards: [], more: false });
  });
});

describe('ListStreams', () => {
  it('gives pages by Limit, and by name or token', async () => {
    const streams = (input: object) => aws.clients.kinesis.send(new ListStreamsCommand(input));
    const first = await streams({ Limit: 2 });
    expect([first.StreamNames, first.HasMoreStreams]).toEqual([['four', 'merged'], true]);
    for (const next of [{ NextToken: first.NextToken }, { ExclusiveStartStreamName: 'merged' }]) {
      const rest = await streams(next);
      expect([rest.StreamNames, rest.HasMoreStreams, rest.NextToken]).toEqual([['split'], false, undefined]);
      expect(rest.StreamSummaries).toMatchObject([{ StreamARN: arn('split'), StreamStatus: 'ACTIVE' }]);
    }
  });
});

describe('the mode of a stream', () => {
  it('is provisioned unless said otherwise, and can be changed', async () => {
    const mode = async () => {
      const one = await aws.clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'four' }));
      const other = await aws.clients.kinesis.send(new DescribeStreamCommand({ StreamName: 'four' }));
      expect(other.StreamDescription?.StreamModeDetails).toEqual(one.StreamDescriptionSummary?.StreamModeDetails);
      return one.StreamDescriptionSummary?.StreamModeDetails?.StreamMode;
    };
    const update = (StreamMode: 'ON_DEMAND' | 'PROVISIONED') =>
      aws.clients.kinesis.send(
        new UpdateStreamModeCommand({ StreamARN: arn('four'), StreamModeDetails: { StreamMode } }),
      );
    expect(await mode()).toBe('PROVISIONED');
    await update('ON_DEMAND');
    expect(await mode()).toBe('ON_DEMAND');
    expect(await aws.clients.kinesis.send(new DescribeLimitsCommand({}))).toMatchObject({
      ShardLimit: 500,
      OpenShardCount: 7,
      OnDemandStreamCount: 1,
    });
    await update('PROVISIONED');
    expect(await mode()).toBe('PROVISIONED');
  });
});

describe('tags by ARN', () => {
  it('are set, listed and removed', async () => {
    const { kinesis } = aws.clients;
    await kinesis.send(new CreateStreamCommand({ StreamName: 'tagged', ShardCount: 1, Tags: { old: 'ж' } }));
    const ResourceARN = arn('tagged');
    await kinesis.send(new TagResourceCommand({ ResourceARN, Tags: { new: '1', team: 'a' } }));
    await kinesis.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['new'] }));
    expect((await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: 'old', Value: 'ж' },
      { Key: 'team', Value: 'a' },
    ]);
    await kinesis.send(new DeleteStreamCommand({ StreamName: 'tagged' }));
  });
});
