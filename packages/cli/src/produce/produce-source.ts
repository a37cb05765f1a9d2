import { controlled } from '@tweet-pipes/producer/controlled';
import type { Source } from '@tweet-pipes/producer/record';
import type { Command } from 'commander';
import type { ControlFlags } from '../options/produce-options.ts';
import { openStream } from '../stack/open-stream.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { dryRun } from './dry-run.ts';
import { produceFrom } from './write-source.ts';

/** The source as the flags want it. */
export function underControl(source: Source, flags: ControlFlags, terminal: Terminal): Source {
  return controlled(source, {
    clock: terminal.clock,
    isRaw: flags.raw === true,
    isLooped: flags.loop === true,
    limit: flags.limit,
    durationSeconds: flags.duration,
    rate: flags.rate,
  });
}

/** Puts a source on the stream, or prints it, as the flags say. */
export async function produce(
  source: Source,
  flags: ControlFlags,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const wanted = underControl(source, flags, terminal);
  if (flags.dryRun) return dryRun(wanted, terminal, flags);
  const stream = await openStream(terminal, command, flags.stream);
  try {
    await produceFrom(wanted, { ...stream, terminal, ...flags });
  } finally {
    stream.close();
  }
}
