import { Readable } from 'node:stream';
import type { Source, SourceTally, StreamRecord } from '@tweet-pipes/producer/record';
import { type FileSourceOptions, fileSource } from '@tweet-pipes/producer/sources/file';
import * as z from 'zod';
import { extract } from '../workflow-extraction.ts';

/** What came of reading a source: its records, what the workflow makes of them, and the tally. */
export interface Outcome {
  records: StreamRecord[];
  /** Ids of tweets with their hashtags. */
  tweets: Record<string, string[]>;
  deletions: string[];
  /** Reasons of the workflow. */
  rejected: string[];
  tally: SourceTally;
  counts: z.output<typeof counts>;
}

const counts = z.object({
  tweets: z.number(),
  deletions: z.number(),
  unreadable: z.number(),
  unreadableReasons: z.array(z.object({ reason: z.string(), count: z.number(), first: z.array(z.string()) })),
  brokenOff: z.number(),
  refused: z.number(),
  failedFiles: z.array(z.object({ place: z.string(), reason: z.string() })),
});

/** Reads a source to its end. */
export async function outcomeOf(source: Source): Promise<Outcome> {
  const records: StreamRecord[] = [];
  for await (const record of source.records()) records.push(record);
  const [tweets, deletions, rejected]: [Record<string, string[]>, string[], string[]] = [{}, [], []];
  for (const record of records) {
    const extracted = await extract(record);
    for (const { id, hashtags } of extracted.tweets) tweets[String(id)] = z.array(z.string()).parse(hashtags);
    deletions.push(...extracted.deletions.map(({ id }) => id));
    rejected.push(...extracted.rejected.map(({ reason }) => reason));
  }
  const tally = source.tally?.() ?? { note: '', lines: [], counts: {} };
  return { records, tweets, deletions, rejected, tally, counts: counts.parse(tally.counts) };
}

/** Reads bytes from standard input, in one chunk, or in as many as there are. */
export async function readFile(
  content: string | Buffer | readonly Buffer[],
  options: FileSourceOptions = {},
): Promise<Outcome> {
  const chunks =
    typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
  return outcomeOf(await fileSource(['-'], { ...options, stdin: Readable.from(chunks) }));
}
