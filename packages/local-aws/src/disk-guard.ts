import type { DiskSpace, reserves } from './disk-space.ts';
import { AwsError } from './gateway/aws-error.ts';
import type { Call, Intercept } from './gateway/wire.ts';
import { isWorkerKey } from './iam/caller.ts';
import { saysDiskFull } from './problems.ts';

/** The operations that take space. Deletes are let through, since they give space back. */
const WRITES: ReadonlySet<string> = new Set([
  ...['kinesis.CreateStream', 'kinesis.MergeShards', 'kinesis.PutRecord', 'kinesis.PutRecords', 'kinesis.SplitShard'],
  ...['kinesis.UpdateShardCount', 'dynamodb.UpdateTable'],
  ...['dynamodb.BatchExecuteStatement', 'dynamodb.BatchWriteItem', 'dynamodb.CreateTable', 'dynamodb.ExecuteStatement'],
  ...['dynamodb.ExecuteTransaction', 'dynamodb.PutItem', 'dynamodb.TransactWriteItems', 'dynamodb.UpdateItem'],
  ...['s3.CompleteMultipartUpload', 's3.CopyObject', 's3.CreateBucket', 's3.PutObject', 's3.UploadPart'],
  ...['s3.UploadPartCopy', 'sqs.CreateQueue', 'sqs.SendMessage', 'sqs.SendMessageBatch'],
  ...['firehose.PutRecord', 'firehose.PutRecordBatch', 'lambda.CreateFunction', 'lambda.UpdateFunctionCode'],
  ...['states.StartSyncExecution'],
]);
/** What a worker begins. The other writes of workers end what has begun. */
const BEGINNINGS = new Set(['states.StartSyncExecution', 'firehose.PutRecord', 'firehose.PutRecordBatch']);

/**
 * Refuses writes while the disk is full, with an error that SDKs, pipes and workflows retry. Notices a full disk also
 * by the failure of a write.
 */
export function createDiskGuard(disk: DiskSpace): Intercept {
  return async (call, forward) => {
    if (!WRITES.has(`${call.service}.${call.operation}`)) return forward();
    const refusal = disk.refusal(reserveOf(call), call.request.body.length);
    if (refusal !== undefined) throw unavailable(call.service, refusal);
    try {
      const answer = await forward();
      if (answer.statusCode < 500 || !saysDiskFull(answer.body.toString('utf8'))) return answer;
    } catch (error) {
      if (!(error instanceof Error) || !saysDiskFull(error.message)) throw error;
      throw unavailable(call.service, disk.failed(), error);
    }
    throw unavailable(call.service, disk.failed());
  };
}

function reserveOf({ service, operation, context }: Call): keyof typeof reserves {
  if (!isWorkerKey(context.accessKeyId)) return 'callers';
  return BEGINNINGS.has(`${service}.${operation}`) ? 'newWork' : 'runningWork';
}

/** The service's own error for "try again later", as its API reference names it. */
function unavailable(service: string, message: string, cause?: unknown): AwsError {
  switch (service) {
    case 'dynamodb':
      return new AwsError('InternalServerError', message, { statusCode: 500, cause });
    case 'firehose':
      return new AwsError('ServiceUnavailableException', message, { statusCode: 503, cause });
    case 'lambda':
      return new AwsError('ServiceException', message, { statusCode: 500, cause });
    default:
      return new AwsError('ServiceUnavailable', message, { statusCode: 503, cause });
  }
}
