import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, ListSubscriptionsByTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cbor, tag } from '@smithy/core/cbor';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { ObservationClients } from '@tweet-pipes/kit/observation-clients';
import { type CloudWatchService, createCloudWatchService } from '../../src/cloudwatch/service.ts';
import { MetricStore } from '../../src/cloudwatch/store/metric-store.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const MINUTE_MS = 60_000;
const startMs = Date.parse('2026-11-29T11:30:00Z');

let clock: ManualClock;
let metrics: MetricStore;
let service: CloudWatchService;
let aws: TestEndpoint;
let clients: AwsClients & ObservationClients;
beforeAll(async () => {
  clock = new ManualClock(startMs);
  metrics = new MetricStore(clock);
  service = createCloudWatchService({
    ...{ clock, metrics, region: 'us-east-1', accountId: '000000000000' },
    clients: () => aws.clients,
  });
  aws = await startTestEndpoint({ services: [service] });
  clients = Object.assign(Object.create(aws.clients), await aws.clients.observation());
});
afterAll(() => aws.stop());

/** A request as the AWS CLI of some years ago sends it. */
async function query(parameters: Record<string, string>): Promise<{ status: number; text: string }> {
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20261129/us-east-1/monitoring/aws4_request, Signature=0',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
    body: new URLSearchParams({ Version: '2010-08-01', ...parameters }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** A request in Smithy's RPC protocol. */
async function rpc(operation: string, input: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${aws.endpoint}/service/GraniteServiceVersion20100801/operation/${operation}`, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20261129/us-east-1/monitoring/aws4_request, Signature=0',
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
    },
    body: Buffer.from(cbor.serialize(input)),
  });
  expect(answer.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
  return { status: answer.status, body: cbor.deserialize(Buffer.from(await answer.arrayBuffer())) };
}

describe('metrics', () => {
  beforeAll(async () => {
    for (const Value of [1, 2, 3]) {
      const data = { MetricName: 'Orders', Dimensions: [{ Name: 'Shop', Value: 'a' }], Value, Unit: 'Count' as const };
      await clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [data] }));
    }
    const values = { MetricName: 'Latency', Values: [10, 20], Counts: [99, 1], Unit: 'Milliseconds' as const };
    await clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [values] }));
    await clock.advance(MINUTE_MS);
  });

  const span = { StartTime: new Date(startMs - 5 * MINUTE_MS), EndTime: new Date(startMs + 5 * MINUTE_MS) };
  const Dimensions = [{ Name: 'Shop', Value: 'a' }];
  const orders = { Namespace: 'Shop', MetricName: 'Orders', Dimensions };

  it('are listed by namespace, name and dimension', async () => {
    const list = async (input: object) => (await clients.cloudwatch.send(new ListMetricsCommand(input))).Metrics;
    expect(await list({ Namespace: 'Shop' })).toEqual([
      orders,
      { Namespace: 'Shop', MetricName: 'Latency', Dimensions: [] },
    ]);
    expect(await list({ Dimensions: [{ Name: 'Shop' }] })).toEqual([orders]);
    expect(await list({ Namespace: 'Other' })).toEqual([]);
  });

  it('are got with math, the latest first', async () => {
    const MetricStat = { Metric: orders, Period: 60, Stat: 'Sum' };
    const answer = await clients.cloudwatch.send(
      new GetMetricDataCommand({
        ...span,
        MetricDataQueries: [
          { Id: 'm1', MetricStat, ReturnData: false },
          { Id: 'rate', Expression: 'm1 / PERIOD(m1)', Label: 'per second' },
        ],
      }),
    );
    expect(answer.MetricDataResults).toEqual([
      { Id: 'rate', Label: 'per second', Timestamps: [new Date(startMs)], Values: [0.1], StatusCode: 'Complete' },
    ]);
    const twice = await clients.cloudwatch.send(
      new GetMetricDataCommand({
        ...span,
        MaxDatapoints: 3,
        MetricDataQueries: [
          { Id: 'e', Expression: 'FILL(m1, 0)' },
          { Id: 'm1', MetricStat },
        ],
        ScanBy: 'TimestampAscending',
      }),
    );
    expect(twice.MetricDataResults?.map(({ Values, StatusCode }) => [Values, StatusCode])).toEqual([
      [[0, 0, 0], 'PartialData'],
      [[], 'PartialData'],
    ]);
    expect(twice.NextToken).toBe('3');
  });

  it('are got by the second for the last minutes', async () => {
    const answer = await clients.cloudwatch.send(
      new GetMetricDataCommand({
        ...span,
        MetricDataQueries: [{ Id: 'm1', MetricStat: { Metric: orders, Period: 1, Stat: 'SampleCount' } }],
      }),
    );
    expect(answer.MetricDataResults?.[0]).toMatchObject({ Timestamps: [new Date(startMs)], Values: [3] });
  });

  it('have statistics and percentiles', async () => {
    const statistics = await clients.cloudwatch.send(
      new GetMetricStatisticsCommand({ ...span, ...orders, Period: 300, Statistics: ['Average', 'Maximum'] }),
    );
    expect(statistics).toMatchObject({
      Label: 'Orders',
      Datapoints: [{ Timestamp: new Date(startMs), Average: 2, Maximum: 3, Unit: 'Count' }],
    });
    const latency = { Namespace: 'Shop', MetricName: 'Latency', Period: 60, ExtendedStatistics: ['p50', 'p99.9'] };
    const percentiles = await clients.cloudwatch.send(new GetMetricStatisticsCommand({ ...span, ...latency }));
    expect(percentiles.Datapoints?.[0]?.ExtendedStatistics).toEqual({ p50: 10, 'p99.9': 20 });
  });

  it('speak the Query protocol', async () => {
    const put = await query({
      Action: 'PutMetricData',
      Namespace: 'Old',
      'MetricData.member.1.MetricName': 'Sold',
      'MetricData.member.1.Value': '7.5',
      'MetricData.member.1.Dimensions.member.1.Name': 'Shop',
      'MetricData.member.1.Dimensions.member.1.Value': 'b',
    });
    expect(put.status).toBe(200);
    const got = await query({
      Action: 'GetMetricStatistics',
      Namespace: 'Old',
      MetricName: 'Sold',
      'Dimensions.member.1.Name': 'Shop',
      'Dimensions.member.1.Value': 'b',
      StartTime: span.StartTime.toISOString(),
      EndTime: span.EndTime.toISOString(),
      Period: '60',
      'Statistics.member.1': 'Sum',
      'ExtendedStatistics.member.1': 'p90',
    });
    expect(got.text).toContain('<Sum>7.5</Sum>');
    expect(got.text).toContain('<entry><key>p90</key><value>7.5</value></entry>');
    expect(got.text).toContain('<Timestamp>2026-11-29T11:31:00.000Z</Timestamp>');
    const refused = await query({ Action: 'PutAnomalyDetector' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('monitoring PutAnomalyDetector is not supported by the local endpoint');
  });

  it('speak CBOR', async () => {
    const seconds = (date: Date) => tag({ tag: 1, value: date.getTime() / 1000 });
    const got = await rpc('GetMetricStatistics', {
      ...orders,
      StartTime: seconds(span.StartTime),
      EndTime: seconds(span.EndTime),
      Period: 60,
      Statistics: ['Sum'],
    });
    expect(got).toMatchObject({ status: 200, body: { Label: 'Orders', Datapoints: [{ Sum: 6 }] } });
    expect(await rpc('GetMetricStatistics', {})).toMatchObject({
      status: 400,
      body: { __type: 'ValidationError', message: expect.stringContaining('Namespace') },
    });
  });

  it.each([
    [
      { Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'a', Value: 1 }] },
      'The value AWS/ for parameter Namespace',
    ],
    [{ Namespace: 'Shop', MetricData: [{ MetricName: 'a' }] }, 'The metric a needs either Value'],
    [
      { Namespace: 'Shop', MetricData: [{ MetricName: 'a', Value: 1, Timestamp: new Date(0) }] },
      'at most two weeks in the past',
    ],
    [{ Namespace: 'Shop', MetricData: [{ MetricName: 'a', Values: [1], Counts: [1, 2] }] }, 'as many Counts as Values'],
  ])('refuse %j', async (input, message) => {
    await expect(clients.cloudwatch.send(new PutMetricDataCommand(input))).rejects.toThrow(message);
  });

  it('refuse what an answer would not show', async () => {
    const get = (MetricDataQueries: ConstructorParameters<typeof GetMetricDataCommand>[0]['MetricDataQueries']) =>
      clients.cloudwatch.send(new GetMetricDataCommand({ ...span, MetricDataQueries }));
    await expect(get([{ Id: 'e', Expression: 'SEARCH(1)' }])).rejects.toThrow('SEARCH');
    await expect(get([{ Id: 'e', Expression: '1 + 1' }])).rejects.toThrow('gives a number');
    const stat = (Period: number) => ({ MetricStat: { Metric: orders, Period, Stat: 'Sum' }, ReturnData: false });
    await expect(
      get([
        { Id: 'e', Expression: 'a + b' },
        { Id: 'a', ...stat(60) },
        { Id: 'b', ...stat(300) },
      ]),
    ).rejects.toThrow('combines periods of 60 and 300 seconds');
  });
});

describe('alarms', () => {
  const deadLetters = {
    AlarmName: 'Dead',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
    Statistic: 'Maximum' as const,
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
    TreatMissingData: 'notBreaching',
  };

  it('send the messages of a state that is set to the queues of their topic', async () => {
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: 'alarms' }));
    const { QueueUrl } = await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
    await clients.sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:inbox' }),
    );
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@b.example' }));
    const subscribed = await clients.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(subscribed.Subscriptions?.map(({ Protocol }) => Protocol).sort()).toEqual(['email', 'sqs']);
    await expect(
      clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://a.example' })),
    ).rejects.toThrow('not by https');

    await clients.cloudwatch.send(new PutMetricAlarmCommand({ ...deadLetters, AlarmActions: [TopicArn ?? ''] }));
    await clients.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: 'Dead', StateValue: 'ALARM', StateReason: 'a drill' }),
    );
    const { Messages = [] } = await aws.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    const envelope = JSON.parse(Messages[0]?.Body ?? '{}');
    expect(envelope).toMatchObject({
      Type: 'Notification',
      TopicArn,
      Subject: expect.stringContaining('ALARM: "Dead"'),
    });
    expect(JSON.parse(envelope.Message)).toMatchObject({ AlarmName: 'Dead', NewStateReason: 'a drill' });
  });

  it('are evaluated in rounds, with gauges that are read before', async () => {
    const gauge = metrics.metric({
      ...{ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible' },
      dimensions: { QueueName: 'dead' },
    });
    service.onRound(() => gauge.add(2));
    await service.round();
    await clock.advance(MINUTE_MS);
    await service.round();

    const described = await clients.cloudwatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(described.MetricAlarms).toMatchObject([{ ...deadLetters, StateReason: expect.stringContaining('2.0') }]);
    const { Statistic: _, Period: __, ...metric } = deadLetters;
    const ofMetric = await clients.cloudwatch.send(
      new DescribeAlarmsForMetricCommand({ ...metric, Dimensions: deadLetters.Dimensions }),
    );
    expect(ofMetric.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['Dead']);
  });

  it('have a history and go', async () => {
    const { AlarmHistoryItems = [] } = await clients.cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'Dead', ScanBy: 'TimestampAscending' }),
    );
    expect(AlarmHistoryItems.map(({ HistoryItemType }) => HistoryItemType).slice(0, 3)).toEqual([
      'ConfigurationUpdate',
      'StateUpdate',
      'Action',
    ]);
    await clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['Dead'] }));
    await expect(clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['Dead'] }))).rejects.toThrow(
      'There is no alarm Dead.',
    );
  });
});

it('keeps dashboards as they are', async () => {
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'Hello' } }] });
  await clients.cloudwatch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));

  expect(await clients.cloudwatch.send(new GetDashboardCommand({ DashboardName: 'shop' }))).toMatchObject({
    DashboardBody,
  });
  const { DashboardEntries } = await clients.cloudwatch.send(new ListDashboardsCommand({}));
  expect(DashboardEntries).toMatchObject([{ DashboardName: 'shop', Size: DashboardBody.length }]);
  await expect(
    clients.cloudwatch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody: '{' })),
  ).rejects.toThrow('The dashboard body is invalid');
});
