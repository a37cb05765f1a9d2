import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { SupportedResourceType } from '../../../src/assembly/resource-type.ts';
import { cloudwatchAlarm } from '../../../src/assembly/resources/cloudwatch-alarm.ts';
import { cloudwatchCompositeAlarm } from '../../../src/assembly/resources/cloudwatch-composite-alarm.ts';
import { cloudwatchDashboard } from '../../../src/assembly/resources/cloudwatch-dashboard.ts';
import { logGroup } from '../../../src/assembly/resources/log-group.ts';
import { logStream } from '../../../src/assembly/resources/log-stream.ts';
import { metricFilter } from '../../../src/assembly/resources/metric-filter.ts';
import { LogMetrics } from '../../../src/cloudwatch/log-metrics.ts';
import { noMetricDelivery } from '../../../src/cloudwatch/metric-delivery.ts';
import { createCloudWatchService } from '../../../src/cloudwatch/service.ts';
import { MetricStore } from '../../../src/cloudwatch/store/metric-store.ts';
import { LogStore } from '../../../src/logs/log-store.ts';
import { createLogsService } from '../../../src/logs/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let folder: string;
let store: LogStore;
let aws: TestEndpoint;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  store = await LogStore.open({ folder, clock: systemClock });
  const logs = createLogsService({
    ...{ store, clock: systemClock, random: systemRandom, log: () => {} },
    metricFilters: new LogMetrics(noMetricDelivery, systemClock),
  });
  const cloudwatch = createCloudWatchService({
    ...{ clock: systemClock, metrics: new MetricStore(systemClock), region: 'us-east-1', accountId: '000000000000' },
    clients: () => aws.clients,
  });
  aws = await startTestEndpoint({ services: [logs, cloudwatch] });
});
afterAll(async () => {
  await aws.stop();
  await store.stop();
  await rm(folder, { recursive: true });
});

let names = 0;
function resource(type: SupportedResourceType): ResourceFixture & { name: string } {
  names += 1;
  const name = `mine-${names}`;
  return Object.assign(new ResourceFixture(type, name, aws.clients), { name });
}
const logs = async () => (await aws.clients.observation()).logs;
const groupOf = async (name: string) =>
  (await (await logs()).send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [name] }))).logGroups?.[0];
const say = async (logGroupName: string, logStreamName: string) =>
  (await logs()).send(
    new PutLogEventsCommand({
      ...{ logGroupName, logStreamName },
      logEvents: [{ timestamp: systemClock.now(), message: 'kept' }],
    }),
  );
const said = async (logGroupName: string, logStreamName: string) =>
  ((await (await logs()).send(new GetLogEventsCommand({ logGroupName, logStreamName }))).events ?? []).map(
    ({ message }) => message,
  );
const filtersOf = async (logGroupName: string) =>
  (await (await logs()).send(new DescribeMetricFiltersCommand({ logGroupName }))).metricFilters;
const filter = (LogGroupName: string, FilterPattern: string) => ({
  ...{ LogGroupName, FilterPattern },
  MetricTransformations: [{ MetricNamespace: 'n', MetricName: 'm', MetricValue: '1' }],
});

describe('AWS::Logs', () => {
  it.each<[JsonObject, JsonObject, object]>([
    [{}, { RetentionInDays: '7' }, { retentionInDays: 7 }],
    [{ RetentionInDays: 7 }, { RetentionInDays: 1 }, { retentionInDays: 1 }],
    [{}, { DeletionProtectionEnabled: 'true' }, { deletionProtectionEnabled: true }],
    [{ DeletionProtectionEnabled: true }, {}, { deletionProtectionEnabled: false }],
  ])('changes a group from %j to %j in place, with its events', async (before, after, described) => {
    const group = resource(logGroup);
    await group.create(before);
    await resource(logStream).create({ LogGroupName: group.name, LogStreamName: 'x' });
    const stream = resource(logStream);
    await stream.create({ LogGroupName: group.name });
    await say(group.name, stream.name);
    await group.update(after);
    expect(await groupOf(group.name)).toMatchObject(described);
    expect(await said(group.name, stream.name)).toEqual(['kept']);
  });

  it('keeps events for ever once the template says no more for how long', async () => {
    const group = resource(logGroup);
    await group.create({ RetentionInDays: 7 });
    await group.update({});
    expect(await groupOf(group.name)).not.toHaveProperty('retentionInDays');
  });

  it('deletes a group with its streams and filters, and gone already is no error', async () => {
    const group = resource(logGroup);
    await group.create({});
    const stream = resource(logStream);
    await stream.create({ LogGroupName: group.name });
    const filtered = resource(metricFilter);
    await filtered.create(filter(group.name, 'ERROR'));
    expect(await Promise.all([group, stream, filtered].map((each) => each.exists()))).toEqual([true, true, true]);
    await group.delete();
    expect(await Promise.all([group, stream, filtered].map((each) => each.exists()))).toEqual([false, false, false]);
    for (const each of [group, stream, filtered]) await each.delete();
    await group.create({});
    expect(await filtersOf(group.name)).toEqual([]);
  });

  it('deletes one stream with its events', async () => {
    const group = resource(logGroup);
    await group.create({});
    const stream = resource(logStream);
    await stream.create({ LogGroupName: group.name });
    await say(group.name, stream.name);
    await stream.delete();
    await stream.create({ LogGroupName: group.name });
    expect(await said(group.name, stream.name)).toEqual([]);
  });

  it('deletes neither a protected group nor its streams', async () => {
    const group = resource(logGroup);
    await group.create({ DeletionProtectionEnabled: true });
    const stream = resource(logStream);
    await stream.create({ LogGroupName: group.name });
    const error = { name: 'ValidationException', message: expect.stringContaining('protected') };
    await expect(group.delete()).rejects.toMatchObject(error);
    const command = new DeleteLogStreamCommand({ logGroupName: group.name, logStreamName: stream.name });
    await expect((await logs()).send(command)).rejects.toMatchObject(error);
    expect(await group.exists()).toBe(true);
  });

  it('changes a metric filter in place and deletes it', async () => {
    const group = resource(logGroup);
    await group.create({});
    const mine = resource(metricFilter);
    await mine.create(filter(group.name, 'ERROR'));
    await mine.update(filter(group.name, 'WARN'));
    expect(await filtersOf(group.name)).toMatchObject([{ filterName: mine.name, filterPattern: 'WARN' }]);
    await mine.delete();
    expect(await filtersOf(group.name)).toEqual([]);
  });
});

describe('AWS::CloudWatch', () => {
  const describeAlarm = async (name: string) => {
    const { cloudwatch } = await aws.clients.observation();
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    return [...MetricAlarms, ...CompositeAlarms][0];
  };
  const alarm = (more: JsonObject) => ({
    ...{ Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1 },
    ComparisonOperator: 'GreaterThanThreshold',
    ...more,
  });

  it('changes alarms in place and deletes them, gone already is no error', async () => {
    const mine = resource(cloudwatchAlarm);
    await mine.create(alarm({ TreatMissingData: 'ignore', Unit: 'Count' }));
    await mine.update(alarm({ Threshold: '5' }));
    expect(await describeAlarm(mine.name)).toMatchObject({ Threshold: 5, TreatMissingData: 'missing' });
    const both = resource(cloudwatchCompositeAlarm);
    await both.create({ AlarmRule: `ALARM("${mine.name}")` });
    await both.update({ AlarmRule: `OK("${mine.name}")` });
    expect(await describeAlarm(both.name)).toMatchObject({ AlarmRule: `OK("${mine.name}")` });
    for (const each of [both, mine]) {
      expect(await each.exists()).toBe(true);
      await each.delete();
      expect(await each.exists()).toBe(false);
      await each.delete();
    }
  });

  it('changes a dashboard in place and deletes it', async () => {
    const mine = resource(cloudwatchDashboard);
    await mine.create({ DashboardBody: '{"widgets":[]}' });
    await mine.update({ DashboardBody: '{"widgets":[{"type":"text"}]}' });
    const { cloudwatch } = await aws.clients.observation();
    const found = await cloudwatch.send(new GetDashboardCommand({ DashboardName: mine.name }));
    expect(found.DashboardBody).toContain('text');
    expect(await mine.exists()).toBe(true);
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });
});
