import { type Asked, anything, arnOf, oneAction, type Rows, sameAction, textOf } from './asked.ts';

/** The engine reads the last part of a queue's URL only. */
function onQueue(asked: Asked): string {
  const { QueueUrl, QueueName } = asked.input;
  const name = typeof QueueUrl === 'string' ? QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) : textOf(QueueName);
  return arnOf(asked, 'sqs', name);
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqs: Rows = {
  ...sameAction('sqs', onQueue, [
    ...['AddPermission', 'ChangeMessageVisibility', 'CreateQueue', 'DeleteMessage', 'DeleteQueue'],
    ...['GetQueueAttributes', 'GetQueueUrl', 'ListDeadLetterSourceQueues', 'ListQueueTags', 'PurgeQueue'],
    ...['ReceiveMessage', 'RemovePermission', 'SendMessage', 'SetQueueAttributes', 'TagQueue', 'UntagQueue'],
  ]),
  ...sameAction('sqs', anything, ['ListQueues']),
  ChangeMessageVisibilityBatch: oneAction('sqs:ChangeMessageVisibility', onQueue),
  DeleteMessageBatch: oneAction('sqs:DeleteMessage', onQueue),
  SendMessageBatch: oneAction('sqs:SendMessage', onQueue),
};
