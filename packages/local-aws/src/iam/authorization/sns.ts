import { type Asked, anything, arnOf, oneAction, type Rows, sameAction, textOf } from './asked.ts';

function onTopic(asked: Asked): string {
  const { TopicArn, TargetArn, Name } = asked.input;
  if (typeof Name === 'string') return arnOf(asked, 'sns', Name);
  return textOf(TopicArn ?? TargetArn);
}

/** The topic of `<topic ARN>:<id of the subscription>`. */
const onSubscribedTopic = ({ input }: Asked): string => textOf(input.SubscriptionArn).replace(/:[^:]*$/, '');

const onResourceArn = ({ input }: Asked): string => textOf(input.ResourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: Rows = {
  ...sameAction('sns', onTopic, [
    ...['AddPermission', 'ConfirmSubscription', 'CreateTopic', 'DeleteTopic', 'GetTopicAttributes'],
    ...['ListSubscriptionsByTopic', 'Publish', 'RemovePermission', 'SetTopicAttributes'],
  ]),
  ...sameAction('sns', onSubscribedTopic, ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe']),
  ...sameAction('sns', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('sns', anything, ['ListSubscriptions', 'ListTopics']),
  PublishBatch: oneAction('sns:Publish', onTopic),
  Subscribe: (asked) => {
    const { Protocol, Endpoint } = asked.input;
    const context = { 'sns:Protocol': textOf(Protocol), 'sns:Endpoint': textOf(Endpoint) };
    return [{ action: 'sns:Subscribe', resource: onTopic(asked), context }];
  },
};
