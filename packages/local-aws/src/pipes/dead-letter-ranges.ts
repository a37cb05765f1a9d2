import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';

/**
 * DynamoDB Streams keeps a record for a day
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html).
 */
const keptMs = 24 * 3_600_000;

const line = z.object({ from: z.string().regex(/^\d+$/), to: z.string().regex(/^\d+$/), atMs: z.number() });

/** An inclusive range of sequence numbers of one stream. */
export interface SequenceRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The ranges that a pipe's dead letters of the last day point to, in a file of JSON lines. On AWS a dead letter can be
 * followed until the record expires. The local runtime trims table streams behind the pipes and keeps these ranges.
 */
export class DeadLetterRanges {
  readonly #file: string;
  readonly #ranges: z.infer<typeof line>[];

  private constructor(file: string, ranges: z.infer<typeof line>[]) {
    this.#file = file;
    this.#ranges = ranges;
  }

  /** Skips a line that a crash cut short: its message was not sent, so its records are redelivered. */
  static async open(file: string): Promise<DeadLetterRanges> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return '';
      throw error;
    });
    const ranges = text.split('\n').flatMap((entry) => {
      const parsed = line.safeParse(parseLine(entry));
      return parsed.success ? [parsed.data] : [];
    });
    return new DeadLetterRanges(file, ranges);
  }

  /** Resolves when the range is on disk. Send its message only after that. */
  async add(range: SequenceRange, atMs: number): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    const handle = await open(this.#file, 'a');
    try {
      // The previous line may be incomplete after a crash.
      await handle.writeFile(`\n${JSON.stringify({ ...range, atMs })}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#ranges.push({ ...range, atMs });
  }

  /** The ranges whose records the stream would still hold on AWS. */
  current(nowMs: number): SequenceRange[] {
    return this.#ranges.filter(({ atMs }) => nowMs - atMs < keptMs);
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
