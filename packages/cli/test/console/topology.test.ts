import { describe, expect, it } from '@jest/globals';
import { deploymentOf } from '../../src/console/views/deployment.ts';
import { readHistory } from '../../src/console/views/stage-history.ts';
import { readLanes } from '../../src/console/views/topology.ts';
import { contextOf } from './context.ts';
import type { Answers } from './fake-clients.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:1:${rest}`;

const pipes: Record<string, object> = {
  Ingest: { Source: arn('kinesis', 'stream/Tweets'), Target: arn('states', 'stateMachine:Ingest') },
  TweetArchive: {
    Source: arn('dynamodb', 'table/TweetItems/stream/1'),
    Enrichment: arn('lambda', 'function:Flatten'),
    Target: arn('firehose', 'deliverystream/ToArchive'),
  },
  HashtagArchive: { Source: arn('dynamodb', 'table/Hashtags/stream/1'), Target: arn('kinesis', 'stream/Other') },
};
const deliveries: Record<string, object> = {
  ToArchive: {
    Destinations: [
      {
        ExtendedS3DestinationDescription: {
          BucketARN: 'arn:aws:s3:::archive',
          Prefix: 'deleted/tweets/!{timestamp:yyyy}/',
        },
      },
    ],
  },
  ToLake: {
    Source: { KinesisStreamSourceDescription: { KinesisStreamARN: arn('kinesis', 'stream/Tweets') } },
    Destinations: [
      {
        ExtendedS3DestinationDescription: {
          BucketARN: 'arn:aws:s3:::lake',
          Prefix: 'tweets/!{timestamp:yyyy}/',
          ProcessingConfiguration: {
            Processors: [
              {
                Parameters: [
                  { ParameterName: 'LambdaArn', ParameterValue: arn('lambda', 'function:ToRows') },
                  { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
                ],
              },
            ],
          },
        },
      },
    ],
  },
};
const answers: Answers = {
  DescribePipeCommand: ({ Name }) => pipes[String(Name)] ?? {},
  DescribeDeliveryStreamCommand: ({ DeliveryStreamName }) => ({
    DeliveryStreamDescription: deliveries[String(DeliveryStreamName)],
  }),
};

async function lanesOf(names?: string[]) {
  const context = await contextOf(answers, names);
  return readLanes(context.clients, await deploymentOf(context));
}

describe('readLanes', () => {
  it('follows the data through pipes, functions and delivery streams to their folders', async () => {
    const lanes = await lanesOf();
    expect(lanes.map(({ title, stages }) => [title, stages.map(({ kind, name }) => `${kind} ${name}`)])).toEqual([
      [
        'Count tweets',
        [
          ...['producer ', 'stream Tweets', 'pipe Ingest', `workflow ${arn('states', 'stateMachine:Ingest')}`],
          ...['table TweetItems', 'table Hashtags', 'table Deletions', 'quarantine archive/quarantine/'],
        ],
      ],
      [
        'Archive tweets that are removed',
        [
          ...['table TweetItems', 'pipe TweetArchive', 'function Flatten'],
          ...['delivery ToArchive', 'bucket archive/deleted/tweets/'],
        ],
      ],
      ['Archive hashtags that are removed', ['table Hashtags', 'pipe HashtagArchive', 'stream Other']],
      [
        'Lake of tweets',
        ['stream Tweets', 'delivery ToLake', 'function ToRows', 'bucket lake/tweets/', 'queries TweetLake'],
      ],
    ]);
  });

  it('leaves out what is not deployed', async () => {
    expect((await lanesOf(['TweetPipes'])).map(({ title }) => title)).not.toContain('Lake of tweets');
  });
});

describe('readHistory', () => {
  it('asks once for a metric a stage, and has null for all where CloudWatch has no value', async () => {
    const asked: unknown[] = [];
    const context = await contextOf({
      ...answers,
      GetMetricDataCommand: ({ MetricDataQueries, NextToken }) => {
        asked.push(Array.isArray(MetricDataQueries) ? MetricDataQueries.length : 0);
        const at = (seconds: number) => new Date(1_767_225_600_000 + seconds * 1_000);
        return NextToken === undefined
          ? { MetricDataResults: [{ Id: 'm0', Timestamps: [at(-60)], Values: [7] }], NextToken: 'more' }
          : { MetricDataResults: [{ Id: 'm0', Timestamps: [at(0)], Values: [2] }] };
      },
    });
    const lanes = await lanesOf();
    const nowMs = Date.parse('2026-01-01T00:00:30Z');
    const history = await readHistory(context.clients, lanes, nowMs, { seconds: 60, count: 15, isPrompt: false });
    // A stream, three pipes, a workflow, three tables, two functions, two delivery streams and another stream.
    expect(asked).toEqual([13, 13]);
    expect(history.at).toHaveLength(15);
    expect(history.at.at(-1)).toBe(1_767_225_600);
    expect(history.series[0]).toEqual({
      ...{ kind: 'stream', name: 'Tweets', label: 'records' },
      values: [...Array.from({ length: 13 }, () => 0), 7, 2],
    });
  });

  it.each([
    { isPrompt: true, values: [0, 5, 0, 0] },
    { isPrompt: false, values: [0, 5, null, null] },
  ])('knows the last periods only where CloudWatch is prompt: $isPrompt', async ({ isPrompt, values }) => {
    const context = await contextOf({
      ...answers,
      GetMetricDataCommand: () => ({
        MetricDataResults: [{ Id: 'm0', Timestamps: [new Date('2026-01-01T00:00:10Z')], Values: [5] }],
      }),
    });
    const now = Date.parse('2026-01-01T00:00:35Z');
    const lanes = await lanesOf();
    const { at, series } = await readHistory(context.clients, lanes, now, { seconds: 10, count: 4, isPrompt });
    expect(at.map((second) => second % 60)).toEqual([0, 10, 20, 30]);
    expect(series[0]?.values).toEqual(values);
    expect(series[1]?.values).toEqual([null, null, null, null]);
  });
});
