import type { Clock } from '@tweet-pipes/kit/clock';
import type { FunctionError } from './messages.ts';
import type { Log } from './sandbox.ts';

/**
 * Bytes of the log's end in the answer to an invocation with LogType Tail.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
const tailBytes = 4096;

/**
 * The log of one invocation in Lambda's text format, from START to REPORT. Passes every entry to `write` at once.
 */
export class InvocationLog {
  readonly #requestId: string;
  readonly #clock: Clock;
  readonly #write: (entry: string) => void;
  readonly #startedMs: number;
  #tail = '';

  constructor(requestId: string, clock: Clock, write: (entry: string) => void) {
    this.#requestId = requestId;
    this.#clock = clock;
    this.#write = write;
    this.#startedMs = clock.now();
    this.#add(`START RequestId: ${requestId} Version: $LATEST\n`);
  }

  /** Adds output of the function. */
  readonly print: Log = (text, level) => {
    if (level !== undefined) {
      this.#add(`${new Date(this.#clock.now()).toISOString()}\t${this.#requestId}\t${level}\t${text}\n`);
    } else for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) this.#add(line);
  };

  /** Adds END and REPORT. Returns the billed milliseconds. */
  end(error: FunctionError | undefined, memoryMb: number): number {
    if (error) this.print(`Invoke Error \t${JSON.stringify(error)}`, 'ERROR');
    const durationMs = this.#clock.now() - this.#startedMs;
    const billedMs = Math.max(1, Math.ceil(durationMs));
    this.#add(`END RequestId: ${this.#requestId}\n`);
    this.#add(
      `REPORT RequestId: ${this.#requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs} ms\tMemory Size: ${memoryMb} MB\t\n`,
    );
    return billedMs;
  }

  /** The last 4 KB, in base64. */
  tail(): string {
    return Buffer.from(this.#tail).subarray(-tailBytes).toString('base64');
  }

  #add(entry: string): void {
    this.#tail = (this.#tail + entry).slice(-tailBytes);
    this.#write(entry);
  }
}
