import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnNumber, cfnString } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html */
export const metricFilter = resourceType({
  type: 'AWS::Logs::MetricFilter',
  nameProperty: 'FilterName',
  nameMaxLength: 512,
  attributes: [],
  schema: z.strictObject({
    FilterName: z.string().optional(),
    FilterPattern: z.string(),
    LogGroupName: z.string(),
    MetricTransformations: z
      .array(
        z.strictObject({
          DefaultValue: cfnNumber.optional(),
          Dimensions: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
          MetricName: z.string(),
          MetricNamespace: z.string(),
          MetricValue: cfnString,
          Unit: z.string().optional(),
        }),
      )
      .length(1),
  }),
  inert: {},
  createOnly: ['LogGroupName'],
  async exists({ physicalName }, { LogGroupName: logGroupName }, { clients }) {
    const { logs } = await clients.observation();
    const { DescribeMetricFiltersCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new DescribeMetricFiltersCommand({ logGroupName, filterNamePrefix: physicalName });
    const found = await unlessError(logs.send(command), 'ResourceNotFoundException');
    return found?.metricFilters?.some(({ filterName }) => filterName === physicalName) ?? false;
  },
  async create({ physicalName }, { FilterPattern, LogGroupName, MetricTransformations }, { clients }) {
    const { logs } = await clients.observation();
    const { PutMetricFilterCommand, StandardUnit } = await import('@aws-sdk/client-cloudwatch-logs');
    await logs.send(
      new PutMetricFilterCommand({
        filterName: physicalName,
        filterPattern: FilterPattern,
        logGroupName: LogGroupName,
        metricTransformations: MetricTransformations.map(({ DefaultValue, Dimensions, Unit, ...given }) => ({
          metricName: given.MetricName,
          metricNamespace: given.MetricNamespace,
          metricValue: given.MetricValue,
          ...(DefaultValue !== undefined && { defaultValue: DefaultValue }),
          ...(Dimensions !== undefined && {
            dimensions: Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, Value])),
          }),
          ...(Unit !== undefined && { unit: z.enum(StandardUnit).parse(Unit) }),
        })),
      }),
    );
    return { ref: physicalName, attributes: {} };
  },
  async delete({ ref: filterName, properties }, { clients }) {
    const { logs } = await clients.observation();
    const { DeleteMetricFilterCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new DeleteMetricFilterCommand({ logGroupName: String(properties.LogGroupName), filterName });
    await unlessError(logs.send(command), 'ResourceNotFoundException');
  },
});
