import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import {
  type CreatedResource,
  type ExistingResource,
  type LoadContext,
  type ResourceIdentity,
  resourceType,
} from '../resource-type.ts';
import { cfnBoolean, cfnInteger, cfnNumber, onlyHere } from '../values.ts';

const dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.string() }));

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const unit = z.enum([
  ...(['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'] as const),
  ...(['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'] as const),
  ...(['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'] as const),
  ...(['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second'] as const),
  ...(['Bits/Second', 'Kilobits/Second', 'Megabits/Second', 'Gigabits/Second', 'Terabits/Second'] as const),
]);

/** What AWS::CloudWatch::Alarm and AWS::CloudWatch::CompositeAlarm have in common. */
export const alarmProperties = {
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: cfnBoolean.optional(),
  AlarmActions: z.array(z.string()).optional(),
  InsufficientDataActions: z.array(z.string()).optional(),
  OKActions: z.array(z.string()).optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
};

/** The values of an alarm that exists. */
export function createdAlarm({ physicalName, environment }: ResourceIdentity): CreatedResource {
  const { partition, region, accountId } = environment;
  const Arn = `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${physicalName}`;
  return { ref: physicalName, attributes: { Arn } };
}

/** Whether there is an alarm of either kind: they share their names. */
export async function alarmExists({ physicalName }: ResourceIdentity, { clients }: LoadContext): Promise<boolean> {
  const { cloudwatch } = await clients.observation();
  const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [physicalName], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return MetricAlarms.length + CompositeAlarms.length > 0;
}

/** Deletes an alarm of either kind. One that is gone is no error. */
export async function deleteAlarm({ ref }: ExistingResource, { clients }: LoadContext): Promise<void> {
  const { cloudwatch } = await clients.observation();
  const { DeleteAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  await unlessError(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [ref] })), 'ResourceNotFound');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html */
export const cloudwatchAlarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  nameProperty: 'AlarmName',
  nameMaxLength: 255,
  attributes: ['Arn'],
  schema: z.strictObject({
    ...alarmProperties,
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    DatapointsToAlarm: cfnInteger.optional(),
    Dimensions: dimensions.optional(),
    EvaluateLowSampleCountPercentile: onlyHere('evaluate').optional(),
    EvaluationPeriods: cfnInteger,
    ExtendedStatistic: z.string().optional(),
    MetricName: z.string().optional(),
    Metrics: z
      .array(
        z.strictObject({
          Id: z.string(),
          Expression: z.string().optional(),
          Label: z.string().optional(),
          MetricStat: z
            .strictObject({
              Metric: z.strictObject({
                Namespace: z.string(),
                MetricName: z.string(),
                Dimensions: dimensions.optional(),
              }),
              Period: cfnInteger,
              Stat: z.string(),
              Unit: unit.optional(),
            })
            .optional(),
          Period: cfnInteger.optional(),
          ReturnData: cfnBoolean.optional(),
        }),
      )
      .optional(),
    Namespace: z.string().optional(),
    Period: cfnInteger.optional(),
    Statistic: z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']).optional(),
    Threshold: cfnNumber,
    TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).optional(),
    Unit: unit.optional(),
  }),
  inert: {},
  deletedWithIt: 'its state',
  exists: (identity, _properties, context) => alarmExists(identity, context),
  async create(identity, properties, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { PutMetricAlarmCommand } = await import('@aws-sdk/client-cloudwatch');
    await cloudwatch.send(new PutMetricAlarmCommand({ ...properties, AlarmName: identity.physicalName }));
    return createdAlarm(identity);
  },
  delete: deleteAlarm,
});
