import type { Status } from '@tweet-pipes/console/status';
import { explain } from '../explain.ts';
import { fittingLines } from '../terminal/fitting-lines.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';
import { statusLines } from './status-lines.ts';

/** How a status is watched. */
export interface WatchOptions {
  /** Between two looks. */
  everyMs: number;
  /** One line of JSON a look. */
  json: boolean;
}

/**
 * Reads and shows the status until Ctrl-C: on a screen the whole of it, else one line for each change. The first look
 * fails as a single one does; later ones go on until the endpoint answers again.
 */
export async function watchStatus(
  read: () => Promise<Status>,
  { everyMs, json }: WatchOptions,
  terminal: Terminal,
): Promise<void> {
  const signal = terminal.interruptible();
  const changes = new StatusChanges();
  let first = true;
  while (!signal.aborted) {
    let status: Status | undefined;
    let failure: string | undefined;
    try {
      status = await read();
    } catch (error) {
      const explained = explain(error, terminal.env);
      if (first || explained === undefined) throw error;
      failure = explained.message.split('\n')[0];
    }
    first = false;
    if (signal.aborted) return;
    if (json) terminal.out(printableJson(status ?? { ok: false, problems: [{ what: 'endpoint', why: failure }] }));
    else if (terminal.isScreen) draw(status, failure, terminal);
    else for (const line of changes.since(status, failure, terminal.clock.now())) terminal.out(printable(line));
    await terminal.clock.sleep(everyMs, signal);
  }
}

function draw(status: Status | undefined, failure: string | undefined, terminal: Terminal): void {
  terminal.clear();
  const lines =
    status === undefined
      ? [terminal.bold('The status cannot be read'), `  ${printable(failure ?? '')}`]
      : statusLines(status, { columns: terminal.size?.columns, bold: terminal.bold });
  for (const line of fittingLines(lines, terminal.size?.rows)) terminal.out(line);
  terminal.err('Ctrl-C stops.');
}

/** What became wrong and what became right, from look to look. */
export class StatusChanges {
  #known: ReadonlyMap<string, string> | undefined;
  #isLost = false;

  /** The lines about a look. A problem is one line when it begins, and one when it is over. */
  since(status: Status | undefined, failure: string | undefined, nowMs: number): string[] {
    const time = new Date(nowMs).toISOString().slice(11, 19);
    if (status === undefined) {
      if (this.#isLost) return [];
      this.#isLost = true;
      return [`${time} the status cannot be read: ${failure}`];
    }
    const lines = this.#isLost ? [`${time} the status can be read again`] : [];
    this.#isLost = false;
    const before = this.#known;
    const current = new Map(
      status.problems.map(({ what, why, do: remedy }) => [what, `${what}: ${why.replace(/\.$/, '')}. ${remedy}`]),
    );
    this.#known = current;
    if (before === undefined && current.size === 0) return [...lines, `${time} all is well`];
    for (const [what, line] of current) if (before?.has(what) !== true) lines.push(`${time} ${line}`);
    for (const what of before?.keys() ?? []) if (!current.has(what)) lines.push(`${time} ${what}: is right again`);
    return lines;
  }
}
