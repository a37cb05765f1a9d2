import { invalidArgument } from './kinesis-operation.ts';

const STREAM_ARN = /^arn:[\w-]+:kinesis:[\w-]*:\d*:stream\/([\w.-]+)$/;
const CONSUMER_ARN = /^arn:[\w-]+:kinesis:[\w-]*:\d*:stream\/([\w.-]+)\/consumer\/[\w.-]+:\d+$/;

/** The stream of an ARN of a stream or a consumer. Throws `InvalidArgumentException` for another ARN. */
export function resourceNameOf(arn: string): { streamName: string; isConsumer: boolean } {
  const stream = STREAM_ARN.exec(arn)?.[1];
  if (stream !== undefined) return { streamName: stream, isConsumer: false };
  const consumer = CONSUMER_ARN.exec(arn)?.[1];
  if (consumer !== undefined) return { streamName: consumer, isConsumer: true };
  throw invalidArgument(`${arn} is not the ARN of a stream or a consumer.`);
}

/**
 * Replaces a stream's ARN by its name, since kinesalite supports names only. Where a token continues a listing, the
 * ARN only routes the call and is dropped. Throws `InvalidArgumentException`.
 */
export function withStreamName(operation: string, input: Record<string, unknown>): Record<string, unknown> {
  const { StreamARN: arn, ...rest } = input;
  if (arn === undefined || arn === null) return input;
  const name = typeof arn === 'string' ? STREAM_ARN.exec(arn)?.[1] : undefined;
  if (name === undefined) throw invalidArgument(`StreamARN ${String(arn)} is not the ARN of a stream.`);
  if (rest.StreamName !== undefined && rest.StreamName !== null && rest.StreamName !== name) {
    throw invalidArgument('StreamARN and StreamName name different streams.');
  }
  if (operation === 'ListShards' && typeof rest.NextToken === 'string') return rest;
  return { ...rest, StreamName: name };
}
