import type { LogDelivery } from '../logs/log-delivery.ts';
import type { StreamDefinition } from './definition.ts';

/** What a delivery stream says about a failure. */
export interface DeliveryError {
  /** `S3.AccessDenied`, `Lambda.FunctionError` */
  readonly errorCode: string;
  readonly message: string;
  /** ARN of the function that transforms records, where the failure is one of it. */
  readonly processor?: string;
}

/**
 * Puts a failure into the log stream that a definition names, if it names one, in the shape of
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
export function logDeliveryError(
  delivery: LogDelivery,
  { destination }: Pick<StreamDefinition, 'destination'>,
  { errorCode, message, processor }: DeliveryError,
  { deliveryStreamArn, nowMs }: { deliveryStreamArn: string; nowMs: number },
): void {
  const { Enabled, LogGroupName, LogStreamName } = destination.CloudWatchLoggingOptions ?? {};
  if (Enabled !== true || LogGroupName === undefined || LogStreamName === undefined) return;
  const line = {
    deliveryStreamARN: deliveryStreamArn,
    destination: destination.BucketARN,
    deliveryStreamVersionId: 1,
    message,
    errorCode,
    ...(processor !== undefined && { processor }),
  };
  delivery.put(LogGroupName, LogStreamName, { timestampMs: nowMs, message: JSON.stringify(line) });
}
