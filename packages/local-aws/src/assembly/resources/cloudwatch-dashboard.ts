import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html */
export const cloudwatchDashboard = resourceType({
  type: 'AWS::CloudWatch::Dashboard',
  nameProperty: 'DashboardName',
  nameMaxLength: 255,
  attributes: [],
  schema: z.strictObject({ DashboardName: z.string().optional(), DashboardBody: z.string() }),
  inert: { Tags: 'tags change no behaviour' },
  async create({ physicalName }, { DashboardBody }, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { PutDashboardCommand } = await import('@aws-sdk/client-cloudwatch');
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: physicalName, DashboardBody }));
    return { ref: physicalName, attributes: {} };
  },
});
