import type { KinesisClient, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Backoff } from '../backoff.ts';
import { elementName } from '../element.ts';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import { type PathParameter, type PathParameterKind, pathParameterOf } from './path-parameter.ts';
import type { Target, TargetElement } from './target.ts';

/**
 * Limits of one PutRecords (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html): records, and
 * bytes with the partition keys. AWS has raised the bytes to 10 MiB; 5 MiB is within either limit.
 */
export const maximumKinesisRecords = 500;
const maximumCallBytes = 5 * 1024 * 1024;
/** Data and partition key of one record, unless a stream allows more. */
const maximumRecordBytes = 1024 * 1024;
/** Calls in succession of which Kinesis accepts nothing, after which the batch fails as a whole. */
const maximumFruitlessCalls = 5;

/** Characters: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const partitionKeyKind: PathParameterKind = {
  what: 'partition key',
  errorName: 'InvalidPartitionKey',
  maximumCharacters: 256,
};

/** The stream to write to, and how failed records are sent again. */
export interface KinesisTargetOptions {
  /** Returns the client for each call. The caller creates and destroys it. */
  client: () => KinesisClient;
  /** `arn:aws:kinesis:<region>:<account>:stream/<name>` */
  streamArn: string;
  partitionKey: PathParameter;
  clock: Clock;
  /** The waits before failed records are sent again. */
  backoff: Backoff;
}

/**
 * A Kinesis stream as target: one record per element, its JSON text without a newline.
 *
 * Records of one partition key are written in the order of the elements. PutRecords promises no order, and a record
 * that fails does not stop those behind it. A call therefore holds one record of each key, and the next one of a key
 * waits until Kinesis has accepted the one before (docs/adr/0047).
 *
 * Failed records alone are sent again. When nothing is accepted for some calls in succession, the whole batch fails
 * with the reason, as an internal error: it is retried without being counted.
 */
export function kinesisTarget({ client, streamArn, partitionKey, clock, backoff }: KinesisTargetOptions): Target {
  const put = async (records: readonly KinesisRecord[], abortSignal: AbortSignal): Promise<PutResult> => {
    const Records = records.map(({ entry }) => entry);
    const command = new PutRecordsCommand({ StreamARN: streamArn, Records });
    try {
      const { Records: results = [] } = await client().send(command, { abortSignal });
      return resultOf(records, results);
    } catch (error) {
      const failure = deliveryFailure(error, 'kinesis');
      if (failure.kind !== 'internal' || abortSignal.aborted) throw failure;
      return { accepted: new Set(), failure };
    }
  };
  return {
    service: 'kinesis',
    maximumElements: maximumKinesisRecords,
    async deliver(elements, signal) {
      let left = elements.map((element, index) => kinesisRecord(element, partitionKey, index + 1));
      for (let fruitless = 0; left.length > 0; ) {
        const { accepted, failure } = await put(nextCall(left), signal);
        left = left.filter((record) => !accepted.has(record));
        fruitless = accepted.size === 0 ? fruitless + 1 : 0;
        if (failure === undefined) continue;
        if (fruitless === maximumFruitlessCalls) throw failure;
        await clock.sleep(backoff.delayMs(fruitless + 1), signal);
        signal.throwIfAborted();
      }
      return undefined;
    },
  };
}

interface KinesisRecord {
  readonly entry: PutRecordsRequestEntry;
  readonly key: string;
  readonly bytes: number;
}

/** What one call has come to. `failure`: why the others were not accepted. */
interface PutResult {
  readonly accepted: ReadonlySet<KinesisRecord>;
  readonly failure: DeliveryFailure | undefined;
}

function kinesisRecord({ text, event }: TargetElement, partitionKey: PathParameter, number: number): KinesisRecord {
  const key = pathParameterOf(partitionKey, event, number, partitionKeyKind);
  const data = Buffer.from(text);
  const bytes = data.length + Buffer.byteLength(key);
  if (bytes > maximumRecordBytes) {
    throw new DeliveryFailure(
      'customer',
      'PayloadTooLarge',
      `A record has ${bytes} bytes with its partition key. Kinesis allows ${maximumRecordBytes}. ${elementName(event, number)}`,
      { service: 'kinesis', httpStatusCode: 413 },
    );
  }
  return { entry: { Data: data, PartitionKey: key }, key, bytes };
}

/** The first record of each key, in order, as many as one call may hold. */
function nextCall(left: readonly KinesisRecord[]): KinesisRecord[] {
  const call: KinesisRecord[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  for (const record of left) {
    if (keys.has(record.key)) continue;
    bytes += record.bytes;
    if (bytes > maximumCallBytes && call.length > 0) break;
    keys.add(record.key);
    call.push(record);
  }
  return call;
}

function resultOf(
  records: readonly KinesisRecord[],
  results: readonly { SequenceNumber?: string; ErrorCode?: string; ErrorMessage?: string }[],
): PutResult {
  const accepted = new Set(records.filter((_, index) => results[index]?.SequenceNumber !== undefined));
  if (accepted.size === records.length) return { accepted, failure: undefined };
  const {
    ErrorCode: name = 'InvalidKinesisResponse',
    ErrorMessage: message = 'Kinesis left out the result of a record.',
  } = results.find(({ SequenceNumber }) => SequenceNumber === undefined) ?? {};
  return {
    accepted,
    failure: new DeliveryFailure('internal', name, message, { service: 'kinesis', httpStatusCode: 200 }),
  };
}
