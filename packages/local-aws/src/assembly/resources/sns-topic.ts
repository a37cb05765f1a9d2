import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { fifoName } from '../fifo-name.ts';
import { type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnBoolean } from '../values.ts';

const NAME_LENGTH = 256;

const schema = z.strictObject({
  TopicName: z.string().optional(),
  FifoTopic: cfnBoolean.default(false),
  ContentBasedDeduplication: cfnBoolean.default(false),
  KmsMasterKeyId: z.string().optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export const snsTopic = resourceType({
  type: 'AWS::SNS::Topic',
  nameProperty: 'TopicName',
  nameMaxLength: NAME_LENGTH,
  attributes: ['TopicArn', 'TopicName'],
  schema,
  inert: {
    DisplayName: 'it is for messages by mail, and none is sent',
    DeliveryStatusLogging: 'deliveries are not logged',
    FifoThroughputScope: 'topics have no limit',
    SignatureVersion: 'messages are not signed',
    TracingConfig: 'there are no traces of topics',
    Tags: 'tags change no behaviour',
  },
  createOnly: ['FifoTopic'],
  deletedWithIt: 'its subscriptions',
  encryptionKey: ({ KmsMasterKeyId: id }) => ({ id }),
  async exists(identity, properties, { clients }) {
    const { sns } = await clients.observation();
    const { GetTopicAttributesCommand } = await import('@aws-sdk/client-sns');
    const { partition, region, accountId } = identity.environment;
    const TopicArn = `arn:${partition}:sns:${region}:${accountId}:${nameOf(identity, properties)}`;
    const found = await unlessError(sns.send(new GetTopicAttributesCommand({ TopicArn })), 'NotFoundException');
    return found !== undefined;
  },
  async create(identity, properties, { clients }) {
    const { sns } = await clients.observation();
    const { CreateTopicCommand, SetTopicAttributesCommand } = await import('@aws-sdk/client-sns');
    const { FifoTopic, ContentBasedDeduplication } = properties;
    const Name = nameOf(identity, properties);
    const Attributes: Record<string, string> = FifoTopic ? { FifoTopic: 'true' } : {};
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
    if (FifoTopic) {
      const attribute = {
        AttributeName: 'ContentBasedDeduplication',
        AttributeValue: String(ContentBasedDeduplication),
      };
      await sns.send(new SetTopicAttributesCommand({ TopicArn, ...attribute }));
    }
    return { ref: TopicArn, attributes: { TopicArn, TopicName: Name } };
  },
  async delete({ ref: TopicArn }, { clients }) {
    const { sns } = await clients.observation();
    const { DeleteTopicCommand } = await import('@aws-sdk/client-sns');
    await sns.send(new DeleteTopicCommand({ TopicArn }));
  },
});

function nameOf(identity: ResourceIdentity, { TopicName: given, FifoTopic: isFifo }: z.infer<typeof schema>): string {
  return fifoName(identity, { given, isFifo, maxLength: NAME_LENGTH });
}
