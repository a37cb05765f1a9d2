import type { Clock } from '@tweet-pipes/kit/clock';
import type { Store, StreamMeta } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';

/** What an operation of Kinesis works on. */
export interface KinesisContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** An operation that kinesalite lacks or answers in part. */
export interface KinesisOperation {
  /** The members of its input, in kinesalite's grammar, which makes AWS's messages. Other members are refused. */
  readonly types: Record<string, object>;
  /** Gets an input that fits `types`. Times are epoch seconds, as in JSON. Throws {@link AwsError}. */
  run(context: KinesisContext, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html, also of consumers and shards */
export const nameType = {
  type: 'String',
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 128,
};

/** A member that may hold up to 10,000. */
export const limitType = { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 10_000 };

/** A token of a page. */
export const tokenType = { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 1_048_576 };

/** An error of the caller's arguments. Not retryable. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

/** A member that the types declare as String, Enum or ARN. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A member that the types declare as Integer or Timestamp. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The stream's entry. Throws `ResourceNotFoundException`. */
export async function findStream({ metaDb }: Store, streamName: string): Promise<StreamMeta> {
  try {
    return await metaDb.get(streamName);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotFoundError')) throw error;
    const message = `Stream ${streamName} under account ${metaDb.awsAccountId} not found.`;
    throw new AwsError('ResourceNotFoundException', message);
  }
}

/** Every stream, in the order of their names. */
export async function allStreams({ metaDb }: Store): Promise<StreamMeta[]> {
  const values: AsyncIterable<StreamMeta> = metaDb.createValueStream();
  const found: StreamMeta[] = [];
  for await (const stream of values) found.push(stream);
  return found;
}

/** Changes a stream's entry. Takes the stream's lock, since a concurrent PutRecord changes the entry too. */
export function changeStream(
  store: Store,
  streamName: string,
  change: (stream: StreamMeta) => StreamMeta,
): Promise<void> {
  return new Promise((resolve, reject) => {
    store.metaDb.lock(streamName, (release) => {
      const work = async (): Promise<void> => {
        await store.metaDb.put(streamName, change(await findStream(store, streamName)));
      };
      work().then(release(resolve), (error) => release(() => reject(error))());
    });
  });
}
