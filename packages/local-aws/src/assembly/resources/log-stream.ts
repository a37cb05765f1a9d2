import { isNamed } from '@tweet-pipes/kit/thrown';
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
  async create({ physicalName: logStreamName }, { LogGroupName: logGroupName }, { clients }) {
    const { logs } = await clients.observation();
    const { CreateLogStreamCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    try {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      if (!isNamed(error, 'ResourceAlreadyExistsException')) throw error;
    }
    return { ref: logStreamName, attributes: {} };
  },
});
