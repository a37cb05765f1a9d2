import { kinesisSink, type PutsRecords, type StreamPosition } from './kinesis-sink.ts';
import type { StreamRecord } from './record.ts';
import type { WriteSummary } from './write-error.ts';
import { type WriterOptions, writeTo } from './writer.ts';

/** How to write. Limits: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export interface KinesisWriterOptions<R extends StreamRecord> extends Omit<WriterOptions<StreamPosition, R>, 'sink'> {
  /** Create it with `maxAttempts: 1`, so that every attempt is counted here. */
  client: PutsRecords;
  streamName: string;
}

/** Writes records to a stream, as {@link writeTo} says. */
export function writeRecords<R extends StreamRecord>(
  source: AsyncIterable<R> | Iterable<R>,
  { client, streamName, ...options }: KinesisWriterOptions<R>,
): Promise<WriteSummary> {
  return writeTo(source, { ...options, sink: kinesisSink(client, streamName) });
}
