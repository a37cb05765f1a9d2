import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { fifoName } from '../fifo-name.ts';
import { type CreatedResource, type LoadContext, type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger } from '../values.ts';

const NAME_LENGTH = 80;
const RETENTION = 'Invalid value for the parameter MessageRetentionPeriod. Reason: Must be between 60 and 1209600';
const NOT_ENCRYPTED = 'nothing is encrypted on this machine by the runtime';

const schema = z.strictObject({
  QueueName: z.string().optional(),
  // AWS's defaults: a property that is removed from the template returns to its default.
  DelaySeconds: cfnInteger.default(0),
  MaximumMessageSize: cfnInteger.default(1_048_576),
  ReceiveMessageWaitTimeSeconds: cfnInteger.default(0),
  VisibilityTimeout: cfnInteger.default(30),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: cfnInteger }).optional(),
  FifoQueue: cfnBoolean.default(false),
  ContentBasedDeduplication: cfnBoolean.default(false),
  KmsMasterKeyId: z.string().optional(),
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export const sqsQueue = resourceType({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  nameMaxLength: NAME_LENGTH,
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  schema,
  inert: {
    MessageRetentionPeriod: 'messages are kept until they are deleted',
    RedriveAllowPolicy: 'any queue may be the dead-letter queue of any other',
    DeduplicationScope: 'messages are deduplicated in the whole queue',
    FifoThroughputLimit: 'queues have no limit',
    KmsDataKeyReusePeriodSeconds: NOT_ENCRYPTED,
    SqsManagedSseEnabled: NOT_ENCRYPTED,
    Tags: 'tags change no behaviour',
  },
  inertSchema: z.looseObject({
    MessageRetentionPeriod: cfnInteger.pipe(z.number().min(60, RETENTION).max(1_209_600, RETENTION)).optional(),
  }),
  createOnly: ['FifoQueue'],
  deletedWithIt: 'its messages',
  encryptionKey: ({ KmsMasterKeyId: id }) => ({ id }),
  exists: async (identity, properties, { clients }) =>
    (await urlOf(clients, nameOf(identity, properties))) !== undefined,
  async create(identity, properties, context) {
    const { clients } = context;
    const QueueName = nameOf(identity, properties);
    const url = (await urlOf(clients, QueueName)) ?? (await createQueue(clients, QueueName, properties));
    return bringUp(url, properties, context);
  },
  update: (existing, properties, context) => bringUp(existing.ref, properties, context),
  async delete({ ref: QueueUrl }, { clients: { sqs } }) {
    await unlessError(sqs.send(new DeleteQueueCommand({ QueueUrl })), 'QueueDoesNotExist');
  },
});

function nameOf(identity: ResourceIdentity, { QueueName: given, FifoQueue: isFifo }: Properties): string {
  return fifoName(identity, { given, isFifo, maxLength: NAME_LENGTH });
}

/** What AWS changes in place, all of it. */
function attributesOf({
  QueueName: _,
  KmsMasterKeyId: _key,
  RedrivePolicy: redrive,
  FifoQueue,
  ...properties
}: Properties) {
  const { ContentBasedDeduplication, ...numbers } = properties;
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
    RedrivePolicy: redrive === undefined ? '' : JSON.stringify(redrive),
    ...(FifoQueue && { ContentBasedDeduplication: String(ContentBasedDeduplication) }),
  };
}

async function bringUp(
  QueueUrl: string,
  properties: Properties,
  { clients: { sqs } }: LoadContext,
): Promise<CreatedResource> {
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributesOf(properties) }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Arn = Attributes?.QueueArn ?? '';
  return { ref: QueueUrl, attributes: { Arn, QueueName: Arn.slice(Arn.lastIndexOf(':') + 1), QueueUrl } };
}

async function urlOf({ sqs }: LoadContext['clients'], QueueName: string): Promise<string | undefined> {
  return (await unlessError(sqs.send(new GetQueueUrlCommand({ QueueName })), 'QueueDoesNotExist'))?.QueueUrl;
}

async function createQueue(
  { sqs }: LoadContext['clients'],
  QueueName: string,
  { FifoQueue }: Properties,
): Promise<string> {
  const Attributes = FifoQueue ? { FifoQueue: 'true' } : {};
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (QueueUrl === undefined) throw new Error(`CreateQueue answered no URL for ${QueueName}.`);
  return QueueUrl;
}
