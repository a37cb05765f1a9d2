import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export const snsTopic = resourceType({
  type: 'AWS::SNS::Topic',
  nameProperty: 'TopicName',
  nameMaxLength: 256,
  attributes: ['TopicArn', 'TopicName'],
  schema: z.strictObject({ TopicName: z.string().optional() }),
  inert: {
    DisplayName: 'it is for messages by mail, and none is sent',
    KmsMasterKeyId: 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName }, _properties, { clients }) {
    const { sns } = await clients.observation();
    const { CreateTopicCommand } = await import('@aws-sdk/client-sns');
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: physicalName }));
    return { ref: TopicArn, attributes: { TopicArn, TopicName: physicalName } };
  },
});
