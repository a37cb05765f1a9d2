import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { cfnInteger } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export const sqsQueue = resourceType({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  nameMaxLength: 80,
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  schema: z.strictObject({
    QueueName: z.string().optional(),
    // AWS's defaults: a property that is removed from the template returns to its default.
    DelaySeconds: cfnInteger.default(0),
    MaximumMessageSize: cfnInteger.default(1_048_576),
    ReceiveMessageWaitTimeSeconds: cfnInteger.default(0),
    VisibilityTimeout: cfnInteger.default(30),
  }),
  inert: {
    MessageRetentionPeriod: 'messages are kept until they are deleted',
    KmsMasterKeyId: 'nothing is encrypted on this machine by the runtime',
    KmsDataKeyReusePeriodSeconds: 'nothing is encrypted on this machine by the runtime',
    SqsManagedSseEnabled: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName }, { QueueName: _, ...properties }, { clients }) {
    const attributes = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]));
    const url = (await existing(clients, physicalName)) ?? (await make(clients, physicalName, attributes));
    // AWS changes all of these in place, so an existing queue gets the template's values.
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return { ref: url, attributes: { Arn: Attributes?.QueueArn ?? '', QueueName: physicalName, QueueUrl: url } };
  },
});

async function existing({ sqs }: LoadContext['clients'], name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function make(
  { sqs }: LoadContext['clients'],
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`CreateQueue answered no URL for ${name}.`);
  return QueueUrl;
}
