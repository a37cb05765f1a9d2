import { type Asked, anything, arnOf, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

const alarmArn = (asked: Asked, name: string): string => arnOf(asked, 'cloudwatch', `alarm:${name}`);
const onAlarm: ResourceOf = (asked) => alarmArn(asked, textOf(asked.input.AlarmName));

/** Without names a call is about all alarms. */
const onAlarms: ResourceOf = (asked) => {
  const { AlarmNames, AlarmName } = asked.input;
  const names = [AlarmNames, AlarmName].flat().filter((name) => typeof name === 'string');
  return names.length === 0 ? alarmArn(asked, '*') : names.map((name) => alarmArn(asked, textOf(name)));
};

/** Dashboards are global. */
const dashboardArn = ({ accountId }: Asked, name: unknown): string =>
  `arn:aws:cloudwatch::${accountId}:dashboard/${textOf(name)}`;
const onDashboard: ResourceOf = (asked) => dashboardArn(asked, asked.input.DashboardName);
const onDashboards: ResourceOf = (asked) =>
  [asked.input.DashboardNames].flat().map((name) => dashboardArn(asked, name));
const onResourceArn: ResourceOf = ({ input }) => textOf(input.ResourceARN);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudwatch: Rows = {
  ...sameAction('cloudwatch', onAlarm, ['PutCompositeAlarm', 'PutMetricAlarm', 'SetAlarmState']),
  ...sameAction('cloudwatch', onAlarms, [
    ...['DeleteAlarms', 'DescribeAlarmHistory', 'DescribeAlarms', 'DisableAlarmActions', 'EnableAlarmActions'],
  ]),
  ...sameAction('cloudwatch', onDashboard, ['GetDashboard', 'PutDashboard']),
  ...sameAction('cloudwatch', onDashboards, ['DeleteDashboards']),
  ...sameAction('cloudwatch', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('cloudwatch', anything, [
    ...['DescribeAlarmsForMetric', 'GetMetricData', 'GetMetricStatistics', 'ListDashboards', 'ListMetrics'],
  ]),
  PutMetricData: ({ input }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': textOf(input.Namespace) } },
  ],
};
