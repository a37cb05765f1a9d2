import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-logstream.html */
export const logStream = resourceType({
  type: 'AWS::Logs::LogStream',
  nameProperty: 'LogStreamName',
  nameMaxLength: 512,
  attributes: [],
  schema: z.strictObject({ LogGroupName: z.string(), LogStreamName: z.string().optional() }),
  inert: {},
  createOnly: ['LogGroupName'],
  deletedWithIt: 'its events',
  async exists({ physicalName }, { LogGroupName: logGroupName }, { clients }) {
    const { logs } = await clients.observation();
    const { DescribeLogStreamsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: physicalName });
    const found = await unlessError(logs.send(command), 'ResourceNotFoundException');
    return found?.logStreams?.some(({ logStreamName }) => logStreamName === physicalName) ?? false;
  },
  async create({ physicalName: logStreamName }, { LogGroupName: logGroupName }, { clients }) {
    const { logs } = await clients.observation();
    const { CreateLogStreamCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new CreateLogStreamCommand({ logGroupName, logStreamName });
    await unlessError(logs.send(command), 'ResourceAlreadyExistsException');
    return { ref: logStreamName, attributes: {} };
  },
  async delete({ ref: logStreamName, properties }, { clients }) {
    const { logs } = await clients.observation();
    const { DeleteLogStreamCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new DeleteLogStreamCommand({ logGroupName: String(properties.LogGroupName), logStreamName });
    await unlessError(logs.send(command), 'ResourceNotFoundException');
  },
});
