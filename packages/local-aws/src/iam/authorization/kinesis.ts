import { type Asked, anything, arnOf, oneAction, type Rows, sameAction, textOf } from './asked.ts';

function streamArn(asked: Asked, name: string): string {
  return arnOf(asked, 'kinesis', `stream/${name}`);
}

/** Requests name a stream by its name or ARN. */
function onStream(asked: Asked): string {
  const { StreamARN, StreamName } = asked.input;
  return typeof StreamARN === 'string' ? StreamARN : streamArn(asked, textOf(StreamName));
}

const onConsumer = (asked: Asked): string => {
  const { ConsumerARN, ConsumerName } = asked.input;
  return typeof ConsumerARN === 'string' ? ConsumerARN : `${onStream(asked)}/consumer/${textOf(ConsumerName)}:*`;
};

const onResourceArn = ({ input }: Asked): string => textOf(input.ResourceARN);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html */
export function kinesisRows(streamOfIterator: (iterator: string) => string | undefined): Rows {
  /** What the iterator reads, whatever the request says beside it. */
  const onIterator = (asked: Asked): string => {
    const name = streamOfIterator(textOf(asked.input.ShardIterator));
    return name === undefined ? onStream(asked) : streamArn(asked, name);
  };
  return {
    ...sameAction('kinesis', onStream, [
      ...['AddTagsToStream', 'CreateStream', 'DecreaseStreamRetentionPeriod', 'DeleteStream', 'DescribeStream'],
      ...['DescribeStreamSummary', 'GetShardIterator', 'IncreaseStreamRetentionPeriod', 'ListShards'],
      ...['ListStreamConsumers', 'ListTagsForStream', 'MergeShards', 'PutRecord', 'PutRecords'],
      ...['RegisterStreamConsumer', 'RemoveTagsFromStream', 'SplitShard', 'StartStreamEncryption'],
      'StopStreamEncryption',
    ]),
    ...sameAction('kinesis', onConsumer, ['DeregisterStreamConsumer', 'DescribeStreamConsumer', 'SubscribeToShard']),
    ...sameAction('kinesis', onResourceArn, [
      ...['DeleteResourcePolicy', 'GetResourcePolicy', 'ListTagsForResource', 'PutResourcePolicy', 'TagResource'],
      'UntagResource',
    ]),
    ...sameAction('kinesis', anything, [
      ...['DescribeLimits', 'DisableEnhancedMonitoring', 'EnableEnhancedMonitoring', 'ListStreams'],
      ...['UpdateShardCount', 'UpdateStreamMode'],
    ]),
    GetRecords: oneAction('kinesis:GetRecords', onIterator),
  };
}
