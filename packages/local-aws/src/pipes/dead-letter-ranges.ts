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

/** Sequence numbers of one stream, both included. */
export interface SequenceRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The ranges that a pipe gave up within the last day, in a file of JSON lines. On AWS a pointer in a dead-letter queue
 * can be followed until the stream forgets the record; here the stream is trimmed behind the pipes, and these ranges
 * are left out of that.
 */
export class DeadLetterRanges {
  readonly #file: string;
  readonly #ranges: z.infer<typeof line>[];

  private constructor(file: string, ranges: z.infer<typeof line>[]) {
    this.#file = file;
    this.#ranges = ranges;
  }

  /** A line that is no range was cut short by a crash before its message was sent; the records are delivered again. */
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

  /** Resolves when the range is on disk: only then may its message be sent. */
  async add(range: SequenceRange, atMs: number): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    const handle = await open(this.#file, 'a');
    try {
      // The line before may have been cut short.
      await handle.writeFile(`\n${JSON.stringify({ ...range, atMs })}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#ranges.push({ ...range, atMs });
  }

  /** What may still be read. */
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
