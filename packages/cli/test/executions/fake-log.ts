import type { LoggedEvent } from '../../src/executions/log-event.ts';
import type { LogRange, ReadLog } from '../../src/executions/read-log.ts';

/** A log group of one workflow in memory. Knows the patterns that this folder uses. */
export class FakeLog {
  readonly events: LoggedEvent[] = [];
  readonly ranges: LogRange[] = [];
  /** Events of a page. */
  pageSize = 100;
  /** Called before each page. */
  onPage: () => void | Promise<void> = () => {};

  readonly read: ReadLog = (range) => this.#pages(range);

  async *#pages(range: LogRange) {
    this.ranges.push(range);
    const matching = this.events
      .filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs)
      .filter((event) => isMatch(event, range.pattern))
      .sort((a, b) => a.atMs - b.atMs);
    for (let at = 0; at === 0 || at < matching.length; at += this.pageSize) {
      await this.onPage();
      const events = matching.slice(at, at + this.pageSize);
      const isLast = at + this.pageSize >= matching.length;
      yield { events, reachedMs: isLast ? range.toMs : (events.at(-1)?.atMs ?? range.fromMs) };
    }
  }
}

function isMatch({ type, executionArn }: LoggedEvent, pattern: string): boolean {
  const arn = /\$\.execution_arn = "([^"]*)"/.exec(pattern)?.[1];
  if (arn !== undefined) return executionArn === arn;
  return type.startsWith('Execution');
}

/** An event as a list of executions needs it. */
export function executionEvent(
  n: number,
  type: string,
  atMs: number,
  details: LoggedEvent['details'] = {},
): LoggedEvent {
  const executionArn = `arn:aws:states:us-east-1:000000000000:express:Ingest:e${n}:1`;
  return { id: type === 'ExecutionStarted' ? 1 : 9, type, previousId: 0, atMs, executionArn, details, line: '' };
}
