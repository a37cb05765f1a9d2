import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Source, StreamRecord } from '@tweet-pipes/producer/record';

/** The records that a projection rests on. */
export interface Sample {
  records: readonly StreamRecord[];
  /** Average bytes of data, without keys. */
  bytesPerRecord: number;
}

/**
 * Reads a source into memory. Throws CliError when it is empty or the signal aborts, and the source's own error when
 * reading fails.
 */
export async function readSample(source: Source, signal: AbortSignal): Promise<Sample> {
  const records: StreamRecord[] = [];
  let bytes = 0;
  for await (const record of source.records(signal)) {
    records.push(record);
    bytes += record.data.byteLength;
  }
  if (signal.aborted) throw new CliError('Interrupted.', { exitCode: 2 });
  if (records.length === 0) throw new CliError('The sample holds no record.');
  return { records, bytesPerRecord: bytes / records.length };
}
