import { type Asked, anything, arnOf, type Rows, sameAction, textOf } from './asked.ts';

const onStream = (asked: Asked): string =>
  arnOf(asked, 'firehose', `deliverystream/${textOf(asked.input.DeliveryStreamName)}`);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html */
export const firehose: Rows = {
  ...sameAction('firehose', onStream, [
    ...['CreateDeliveryStream', 'DeleteDeliveryStream', 'DescribeDeliveryStream', 'ListTagsForDeliveryStream'],
    ...['PutRecord', 'PutRecordBatch', 'StartDeliveryStreamEncryption', 'StopDeliveryStreamEncryption'],
    ...['TagDeliveryStream', 'UntagDeliveryStream', 'UpdateDestination'],
  ]),
  ...sameAction('firehose', anything, ['ListDeliveryStreams']),
};
