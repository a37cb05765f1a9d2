import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean } from '../values.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
export const snsSubscription = resourceType({
  type: 'AWS::SNS::Subscription',
  nameProperty: 'Endpoint',
  nameMaxLength: 256,
  attributes: [],
  schema: z.strictObject({
    TopicArn: z.string(),
    Protocol: z.enum(['sqs', 'email', 'email-json']),
    Endpoint: z.string(),
    RawMessageDelivery: cfnBoolean.optional(),
  }),
  inert: {},
  standIns({ Protocol }): Readonly<Record<string, string>> {
    return Protocol === 'sqs'
      ? {}
      : { [`by ${String(Protocol)}`]: 'no mail is sent; subscribe a queue to get the messages' };
  },
  async create(_identity, { TopicArn, Protocol, Endpoint, RawMessageDelivery }, { clients }) {
    const { sns } = await clients.observation();
    const { SubscribeCommand } = await import('@aws-sdk/client-sns');
    const { SubscriptionArn = '' } = await sns.send(
      new SubscribeCommand({
        ...{ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true },
        ...(RawMessageDelivery !== undefined && { Attributes: { RawMessageDelivery: String(RawMessageDelivery) } }),
      }),
    );
    return { ref: SubscriptionArn, attributes: {} };
  },
});
