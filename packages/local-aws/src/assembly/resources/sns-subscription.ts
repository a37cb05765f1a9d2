import type { SNSClient } from '@aws-sdk/client-sns';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type CreatedResource, resourceType } from '../resource-type.ts';
import { cfnBoolean, onlyHere } from '../values.ts';

const schema = z.strictObject({
  TopicArn: z.string(),
  Protocol: onlyHere('sqs', 'email', 'email-json'),
  Endpoint: z.string(),
  RawMessageDelivery: cfnBoolean.default(false),
  FilterPolicy: z.union([z.record(z.string(), z.json()), z.string()]).default({}),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).default('MessageAttributes'),
});
type Properties = z.infer<typeof schema>;

/**
 * Its id is its ARN: an endpoint may be subscribed to several topics.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
 */
export const snsSubscription = resourceType({
  type: 'AWS::SNS::Subscription',
  nameProperty: 'Endpoint',
  nameMaxLength: 256,
  attributes: ['Arn'],
  schema,
  inert: { RedrivePolicy: 'a queue that exists takes each message, and messages to one that is gone are dropped' },
  createOnly: ['TopicArn', 'Protocol', 'Endpoint'],
  standIns({ Protocol }): Readonly<Record<string, string>> {
    return Protocol === 'sqs'
      ? {}
      : { [`by ${String(Protocol)}`]: 'no mail is sent; subscribe a queue to get the messages' };
  },
  exists: async () => false,
  async create(_identity, properties, { clients }) {
    const { sns } = await clients.observation();
    const { SubscribeCommand } = await import('@aws-sdk/client-sns');
    const { TopicArn, Protocol, Endpoint } = properties;
    const found = await find(sns, properties);
    if (found !== undefined) return bringUp(sns, found, properties);
    const command = new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true });
    const { SubscriptionArn = '' } = await sns.send(command);
    return bringUp(sns, SubscriptionArn, properties);
  },
  update: async ({ ref }, properties, { clients }) => bringUp((await clients.observation()).sns, ref, properties),
  async delete({ ref: SubscriptionArn }, { clients }) {
    const { sns } = await clients.observation();
    const { UnsubscribeCommand } = await import('@aws-sdk/client-sns');
    await unlessError(sns.send(new UnsubscribeCommand({ SubscriptionArn })), 'NotFoundException');
  },
});

/** The ARN of the subscription, if there is one. */
async function find(sns: SNSClient, { TopicArn, Protocol, Endpoint }: Properties): Promise<string | undefined> {
  const { paginateListSubscriptionsByTopic } = await import('@aws-sdk/client-sns');
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
    const found = Subscriptions.find((each) => each.Protocol === Protocol && each.Endpoint === Endpoint);
    if (found?.SubscriptionArn?.startsWith('arn:') === true) return found.SubscriptionArn;
  }
  return undefined;
}

/** Sets what the subscription does not have yet. */
async function bringUp(
  sns: SNSClient,
  SubscriptionArn: string,
  { FilterPolicy: policy, FilterPolicyScope, RawMessageDelivery }: Properties,
): Promise<CreatedResource> {
  const { GetSubscriptionAttributesCommand, SetSubscriptionAttributesCommand } = await import('@aws-sdk/client-sns');
  const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const wanted = [
    ['RawMessageDelivery', String(RawMessageDelivery), 'false'],
    ['FilterPolicyScope', FilterPolicyScope, 'MessageAttributes'],
    ['FilterPolicy', typeof policy === 'string' ? policy : JSON.stringify(policy), '{}'],
  ] as const;
  for (const [AttributeName, AttributeValue, byDefault] of wanted) {
    if ((Attributes[AttributeName] ?? byDefault) === AttributeValue) continue;
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  }
  return { ref: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
}
