import { untilAborted } from '@tweet-pipes/kit/until-aborted';
import { plural } from '@tweet-pipes/kit/wording';
import type { Source, StreamRecord } from '@tweet-pipes/producer/record';
import { largestRecordBytes, sizeOf } from '@tweet-pipes/producer/record';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';
import { oversizedLine } from './oversized.ts';
import { reportProblems } from './report-problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Prints the records of a source, one a line, and sends nothing. With `json` each is an object with its partition key.
 * On a screen, characters that could harm it are replaced; a file or a program gets the records as they are.
 * Sets exit code 2 when reading fails or a record is too large to be sent.
 */
export async function dryRun(
  source: Source,
  terminal: Terminal,
  { json, quiet }: { json?: true; quiet?: true },
): Promise<void> {
  const shown = (text: string) => (terminal.isScreen ? printable(text) : text);
  const signal = terminal.interruptible();
  const reading = new AbortController();
  const ending = AbortSignal.any([signal, reading.signal]);
  let [records, bytes, oversized] = [0, 0, 0];
  try {
    for await (const record of untilAborted(source.records(ending), ending)) {
      if (sizeOf(record) > largestRecordBytes) {
        oversized += 1;
        terminal.err(oversizedLine(record, sizeOf(record)));
        continue;
      }
      terminal.out(json ? printableJson(described(record)) : shown(line(record)));
      records += 1;
      bytes += sizeOf(record);
      // Lets Ctrl-C and a closed pipe be noticed.
      if (records % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    terminal.err(`Reading broke off: ${error instanceof Error ? error.message : error}`);
    terminal.exitCode = 2;
  } finally {
    reading.abort();
  }
  reportProblems(source, terminal);
  if (oversized > 0) terminal.exitCode = 2;
  if (quiet) return;
  for (const line of source.tally?.().firstRecord ?? []) terminal.err(printable(line));
  terminal.err(`${plural(records, 'record')}, ${plural(bytes, 'byte')} with their keys; nothing was sent.`);
}

/** On one line. In JSON a line end stands between members only, where a space means the same. */
function line({ data }: StreamRecord): string {
  return Buffer.from(data)
    .toString('utf8')
    .replaceAll(/[\r\n]+/g, ' ');
}

function described({ partitionKey, data }: StreamRecord): object {
  try {
    return { partitionKey, data: utf8.decode(data) };
  } catch {
    return { partitionKey, base64: Buffer.from(data).toString('base64') };
  }
}
