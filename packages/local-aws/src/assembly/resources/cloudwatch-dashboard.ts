import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** The error has one name in the API, and another in older SDKs. */
const GONE = ['ResourceNotFound', 'DashboardNotFoundError'];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html */
export const cloudwatchDashboard = resourceType({
  type: 'AWS::CloudWatch::Dashboard',
  nameProperty: 'DashboardName',
  nameMaxLength: 255,
  attributes: [],
  schema: z.strictObject({ DashboardName: z.string().optional(), DashboardBody: z.string() }),
  inert: { Tags: 'tags change no behaviour' },
  async exists({ physicalName }, _properties, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { GetDashboardCommand } = await import('@aws-sdk/client-cloudwatch');
    const call = cloudwatch.send(new GetDashboardCommand({ DashboardName: physicalName }));
    return (await unlessError(call, ...GONE)) !== undefined;
  },
  async create({ physicalName }, { DashboardBody }, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { PutDashboardCommand } = await import('@aws-sdk/client-cloudwatch');
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: physicalName, DashboardBody }));
    return { ref: physicalName, attributes: {} };
  },
  async delete({ ref }, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { DeleteDashboardsCommand } = await import('@aws-sdk/client-cloudwatch');
    await unlessError(cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [ref] })), ...GONE);
  },
});
