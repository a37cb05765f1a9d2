import type { Source } from '@tweet-pipes/producer/record';
import { printable, type Terminal } from '../terminal/terminal.ts';

/** Says what a source could not read, and sets exit code 2 if there is something. True if there is nothing. */
export function reportProblems(source: Pick<Source, 'tally'>, terminal: Terminal): boolean {
  const { problems = [] } = source.tally?.() ?? {};
  for (const line of problems) terminal.err(printable(line));
  if (problems.length > 0) terminal.exitCode = 2;
  return problems.length === 0;
}
