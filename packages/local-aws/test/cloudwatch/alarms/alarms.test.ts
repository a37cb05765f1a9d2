import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { AlarmMessage } from '../../../src/cloudwatch/alarms/alarm-message.ts';
import { Alarms } from '../../../src/cloudwatch/alarms/alarms.ts';
import { compositeAlarmSettings, metricAlarmSettings } from '../../../src/cloudwatch/api/alarm-input.ts';
import { MetricStore } from '../../../src/cloudwatch/store/metric-store.ts';

const MINUTE_MS = 60_000;
const topic = 'arn:aws:sns:us-east-1:000000000000:alarms';
const depth = {
  namespace: 'AWS/SQS',
  metricName: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'dead' },
};
const deadLetters = {
  AlarmName: 'DeadLetters',
  AlarmDescription: 'Records were given up.',
  Namespace: depth.namespace,
  MetricName: depth.metricName,
  Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods: 1,
  DatapointsToAlarm: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [topic],
};

let clock: ManualClock;
let store: MetricStore;
let alarms: Alarms;
let published: ({ topicArn: string } & AlarmMessage)[];
let lines: string[];
let topicIsThere: boolean;
beforeEach(() => {
  clock = new ManualClock(Date.parse('2026-11-29T11:30:00Z'));
  store = new MetricStore(clock);
  published = [];
  lines = [];
  topicIsThere = true;
  alarms = new Alarms({
    ...{ clock, store, region: 'us-east-1', accountId: '000000000000' },
    async publish(topicArn, message) {
      if (!topicIsThere) throw new Error('Topic does not exist');
      published.push({ topicArn, ...message });
    },
    log: (line) => void lines.push(line),
  });
});

async function minutes(count: number, each: () => void = () => {}): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    each();
    await clock.advance(MINUTE_MS);
    alarms.evaluate();
    await alarms.settled();
  }
}

const stateOf = (name: string) => alarms.get(name).state;

describe('a metric alarm', () => {
  beforeEach(() => alarms.put(metricAlarmSettings(deadLetters)));

  it('begins without data, is OK without breaches, rings, and is OK again when the fault is over', async () => {
    expect(stateOf('DeadLetters')).toBe('INSUFFICIENT_DATA');
    await minutes(1);
    expect(stateOf('DeadLetters')).toBe('OK');
    await minutes(1, () => store.put({ ...depth, value: 3 }));
    expect(stateOf('DeadLetters')).toBe('ALARM');
    // The latest data point counts while it is in the evaluation range, which is two periods longer than one.
    await minutes(14);
    expect(stateOf('DeadLetters')).toBe('ALARM');
    await minutes(1);
    expect(stateOf('DeadLetters')).toBe('OK');
  });

  it("publishes AWS's message to its topic, once", async () => {
    await minutes(1);
    await minutes(3, () => store.put({ ...depth, value: 3 }));

    expect(published).toHaveLength(1);
    expect(published[0]?.topicArn).toBe(topic);
    expect(published[0]?.subject).toBe('ALARM: "DeadLetters" in US East (N. Virginia)');
    expect(JSON.parse(published[0]?.message ?? '')).toEqual({
      AlarmName: 'DeadLetters',
      AlarmDescription: 'Records were given up.',
      AWSAccountId: '000000000000',
      AlarmConfigurationUpdatedTimestamp: '2026-11-29T11:30:00.000+0000',
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoint [3.0 (29/11/26 11:27:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
      StateChangeTime: '2026-11-29T11:32:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:DeadLetters',
      OldStateValue: 'OK',
      OKActions: [],
      AlarmActions: [topic],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Namespace: 'AWS/SQS',
        StatisticType: 'Statistic',
        Statistic: 'MAXIMUM',
        Unit: null,
        Dimensions: [{ value: 'dead', name: 'QueueName' }],
        Period: 300,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
    });
  });

  it('takes no action when its actions are disabled', async () => {
    alarms.get('DeadLetters').setActionsEnabled(false);
    await minutes(1, () => store.put({ ...depth, value: 3 }));

    expect(stateOf('DeadLetters')).toBe('ALARM');
    expect(published).toEqual([]);
  });

  it('keeps its history: changes of state, and actions that failed', async () => {
    topicIsThere = false;
    await minutes(1, () => store.put({ ...depth, value: 3 }));

    expect(alarms.history.map(({ type, summary }) => [type, summary])).toEqual([
      ['ConfigurationUpdate', 'Alarm "DeadLetters" created'],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['Action', `Failed to execute action ${topic}`],
    ]);
  });

  it('keeps a state that was set until its next evaluation', async () => {
    await minutes(1);
    alarms.setState('DeadLetters', { state: 'ALARM', reason: 'a drill' });
    alarms.evaluate();
    expect(stateOf('DeadLetters')).toBe('ALARM');
    await minutes(1);
    expect(stateOf('DeadLetters')).toBe('OK');
    expect(lines).toEqual([expect.stringMatching(/^Alarm DeadLetters rings: ./), 'Alarm DeadLetters: rings no more.']);
    expect(published.map(({ subject }) => subject)).toEqual(['ALARM: "DeadLetters" in US East (N. Virginia)']);
  });

  it('keeps its state when its settings change', async () => {
    await minutes(1, () => store.put({ ...depth, value: 3 }));
    alarms.put(metricAlarmSettings({ ...deadLetters, Threshold: 100 }));
    expect(stateOf('DeadLetters')).toBe('ALARM');
    alarms.evaluate();
    expect(stateOf('DeadLetters')).toBe('OK');
  });
});

it('evaluates three bad periods of six over an expression', async () => {
  const stat = (MetricName: string) => ({
    MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum' },
    ReturnData: false,
  });
  alarms.put(
    metricAlarmSettings({
      AlarmName: 'Failing',
      EvaluationPeriods: 6,
      DatapointsToAlarm: 3,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Metrics: [
        { Id: 'rings', Expression: 'IF(FILL(failed, 0) > 0 AND FILL(done, 0) == 0, 1, 0)' },
        { Id: 'failed', ...stat('failed') },
        { Id: 'done', ...stat('done') },
      ],
    }),
  );
  const put = (metricName: string) => store.put({ namespace: 'Shop', metricName, dimensions: {}, value: 1 });

  await minutes(1, () => put('failed'));
  await minutes(2, () => {
    put('failed');
    put('done');
  });
  await minutes(1, () => put('failed'));
  expect(stateOf('Failing')).toBe('OK');
  await minutes(1, () => put('failed'));
  expect(stateOf('Failing')).toBe('ALARM');
});

it('evaluates a percentile', async () => {
  alarms.put(
    metricAlarmSettings({
      ...{ AlarmName: 'Slow', Namespace: 'Shop', MetricName: 'Latency', ExtendedStatistic: 'p90', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 100, ComparisonOperator: 'GreaterThanThreshold' },
    }),
  );
  const requests = (slow: number) => () => {
    for (let request = 0; request < 100; request += 1) {
      store.put({ namespace: 'Shop', metricName: 'Latency', dimensions: {}, value: request < slow ? 500 : 20 });
    }
  };
  await minutes(1, requests(9));
  expect(stateOf('Slow')).toBe('OK');
  await minutes(1, requests(11));
  expect(stateOf('Slow')).toBe('ALARM');
});

// AWS: "PutMetricAlarm", TreatMissingData.
it('keeps the state of an alarm on DynamoDB while data are missing', async () => {
  alarms.put(
    metricAlarmSettings({ ...deadLetters, Namespace: 'AWS/DynamoDB', MetricName: 'SystemErrors', Period: 60 }),
  );
  const errors = { namespace: 'AWS/DynamoDB', metricName: 'SystemErrors', dimensions: depth.dimensions };
  await minutes(1, () => store.put({ ...errors, value: 1 }));
  await minutes(10);
  expect(stateOf('DeadLetters')).toBe('ALARM');
  await minutes(1, () => store.put({ ...errors, value: 0 }));
  expect(stateOf('DeadLetters')).toBe('OK');
});

it('evaluates an alarm with a period of ten seconds every ten seconds', async () => {
  alarms.put(metricAlarmSettings({ ...deadLetters, Period: 10 }));
  store.put({ ...depth, value: 3 });
  await clock.advance(10_000);
  alarms.evaluate();
  expect(stateOf('DeadLetters')).toBe('ALARM');
});

it('has alarms on the states of others', async () => {
  alarms.put(metricAlarmSettings(deadLetters));
  alarms.put(compositeAlarmSettings({ AlarmName: 'Any', AlarmRule: 'ALARM(DeadLetters)', AlarmActions: [topic] }));
  alarms.put(compositeAlarmSettings({ AlarmName: 'All', AlarmRule: 'NOT OK(Any)' }));
  await minutes(1);
  expect(['Any', 'All'].map(stateOf)).toEqual(['OK', 'OK']);
  await minutes(1, () => store.put({ ...depth, value: 3 }));
  expect(['Any', 'All'].map(stateOf)).toEqual(['ALARM', 'ALARM']);
  expect(published.map(({ subject }) => subject.split(' in ')[0])).toEqual(['ALARM: "DeadLetters"', 'ALARM: "Any"']);
  expect(() => alarms.put(compositeAlarmSettings({ AlarmName: 'X', AlarmRule: 'OK(gone)' }))).toThrow(
    'AlarmRule: there is no alarm gone.',
  );
});

describe('settings that are refused', () => {
  it.each([
    [{ Period: 45 }, 'Period: expected 1, 5, 10, 20, 30 or a multiple of 60'],
    [{ DatapointsToAlarm: 2 }, 'DatapointsToAlarm must be at most EvaluationPeriods'],
    [{ EvaluationPeriods: 3_000 }, 'at most seven days'],
    [{ ExtendedStatistic: 'p99' }, 'either Statistic or ExtendedStatistic'],
    [{ MetricName: undefined }, 'An alarm needs MetricName'],
    [{ AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] }, 'takes the ARN of an SNS topic as an action'],
    [{ ThresholdMetricId: 'band' }, 'ThresholdMetricId is not supported by the local endpoint'],
    [{ Threshold: 'many' }, 'Threshold: '],
    [{ Metrics: [{ Id: 'e', Expression: 'm' }] }, 'either Metrics, or MetricName'],
  ])('%j', (change, message) => {
    expect(() => metricAlarmSettings({ ...deadLetters, ...change })).toThrow(message);
  });

  it.each([
    [[{ Id: 'e', Expression: 'e + 1' }], 'The expression e refers to itself.'],
    [
      [
        { Id: 'a', Expression: 'TIME_SERIES(1)' },
        { Id: 'b', Expression: 'TIME_SERIES(2)' },
      ],
      'Exactly one of the Metrics must return data.',
    ],
    [[{ Id: 'E', Expression: 'TIME_SERIES(1)' }], 'Metrics.0.Id: expected letters'],
    [[{ Id: 'e' }], 'expected either MetricStat or Expression'],
  ])('metrics %j', (Metrics, message) => {
    const { Namespace: _n, MetricName: _m, Dimensions: _d, Statistic: _s, Period: _p, ...rest } = deadLetters;
    expect(() => metricAlarmSettings({ ...rest, Metrics })).toThrow(message);
  });
});
