import addTagsToStream from 'kinesalite/actions/addTagsToStream.js';
import createStream from 'kinesalite/actions/createStream.js';
import decreaseStreamRetentionPeriod from 'kinesalite/actions/decreaseStreamRetentionPeriod.js';
import deleteStream from 'kinesalite/actions/deleteStream.js';
import describeStream from 'kinesalite/actions/describeStream.js';
import describeStreamSummary from 'kinesalite/actions/describeStreamSummary.js';
import getRecords from 'kinesalite/actions/getRecords.js';
import getShardIterator from 'kinesalite/actions/getShardIterator.js';
import increaseStreamRetentionPeriod from 'kinesalite/actions/increaseStreamRetentionPeriod.js';
import listShards from 'kinesalite/actions/listShards.js';
import listStreams from 'kinesalite/actions/listStreams.js';
import listTagsForStream from 'kinesalite/actions/listTagsForStream.js';
import mergeShards from 'kinesalite/actions/mergeShards.js';
import putRecord from 'kinesalite/actions/putRecord.js';
import putRecords from 'kinesalite/actions/putRecords.js';
import removeTagsFromStream from 'kinesalite/actions/removeTagsFromStream.js';
import splitShard from 'kinesalite/actions/splitShard.js';
import type { Store } from 'kinesalite/db/index.js';
import addTagsToStreamInput from 'kinesalite/validations/addTagsToStream.js';
import createStreamInput from 'kinesalite/validations/createStream.js';
import decreaseStreamRetentionPeriodInput from 'kinesalite/validations/decreaseStreamRetentionPeriod.js';
import deleteStreamInput from 'kinesalite/validations/deleteStream.js';
import describeStreamInput from 'kinesalite/validations/describeStream.js';
import describeStreamSummaryInput from 'kinesalite/validations/describeStreamSummary.js';
import getRecordsInput from 'kinesalite/validations/getRecords.js';
import getShardIteratorInput from 'kinesalite/validations/getShardIterator.js';
import increaseStreamRetentionPeriodInput from 'kinesalite/validations/increaseStreamRetentionPeriod.js';
import listShardsInput from 'kinesalite/validations/listShards.js';
import listStreamsInput from 'kinesalite/validations/listStreams.js';
import listTagsForStreamInput from 'kinesalite/validations/listTagsForStream.js';
import mergeShardsInput from 'kinesalite/validations/mergeShards.js';
import putRecordInput from 'kinesalite/validations/putRecord.js';
import putRecordsInput from 'kinesalite/validations/putRecords.js';
import removeTagsFromStreamInput from 'kinesalite/validations/removeTagsFromStream.js';
import splitShardInput from 'kinesalite/validations/splitShard.js';

/** An operation of kinesalite and the schema of its input. */
export interface KinesaliteOperation {
  run(
    store: Store,
    input: Record<string, unknown>,
    done: (error: unknown, output?: Record<string, unknown>) => void,
  ): void;
  input: { types: Record<string, object>; custom?: unknown };
}

/** Every operation of kinesalite. */
export const kinesaliteOperations: Readonly<Record<string, KinesaliteOperation>> = {
  AddTagsToStream: { run: addTagsToStream, input: addTagsToStreamInput },
  CreateStream: { run: createStream, input: createStreamInput },
  DecreaseStreamRetentionPeriod: { run: decreaseStreamRetentionPeriod, input: decreaseStreamRetentionPeriodInput },
  DeleteStream: { run: deleteStream, input: deleteStreamInput },
  DescribeStream: { run: describeStream, input: describeStreamInput },
  DescribeStreamSummary: { run: describeStreamSummary, input: describeStreamSummaryInput },
  GetRecords: { run: getRecords, input: getRecordsInput },
  GetShardIterator: { run: getShardIterator, input: getShardIteratorInput },
  IncreaseStreamRetentionPeriod: { run: increaseStreamRetentionPeriod, input: increaseStreamRetentionPeriodInput },
  ListShards: { run: listShards, input: listShardsInput },
  ListStreams: { run: listStreams, input: listStreamsInput },
  ListTagsForStream: { run: listTagsForStream, input: listTagsForStreamInput },
  MergeShards: { run: mergeShards, input: mergeShardsInput },
  PutRecord: { run: putRecord, input: putRecordInput },
  PutRecords: { run: putRecords, input: putRecordsInput },
  RemoveTagsFromStream: { run: removeTagsFromStream, input: removeTagsFromStreamInput },
  SplitShard: { run: splitShard, input: splitShardInput },
};
