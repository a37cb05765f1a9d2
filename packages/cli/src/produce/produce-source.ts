import { controlled } from '@tweet-pipes/producer/controlled';
import type { Source } from '@tweet-pipes/producer/record';
import type { Command } from 'commander';
import type { ProduceFlags } from '../options/produce-options.ts';
import { openStream } from '../stack/open-stream.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { dryRun } from './dry-run.ts';
import { writeSource } from './write-source.ts';

/** The source, limited, paced, looped and compacted as the options say. */
export function applyControls(source: Source, flags: ProduceFlags, terminal: Terminal): Source {
  return controlled(source, {
    clock: terminal.clock,
    isRaw: flags.raw === true,
    isLooped: flags.loop === true,
    limit: flags.limit,
    durationSeconds: flags.duration,
    rate: flags.rate,
  });
}

/** Writes a source to the stream, or prints it with `--dry-run`. Throws what {@link ../explain.ts} explains. */
export async function produceSource(
  source: Source,
  flags: ProduceFlags,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const controlledSource = applyControls(source, flags, terminal);
  if (flags.dryRun) return dryRun(controlledSource, terminal, flags);
  const stream = await openStream(terminal, command, flags.stream);
  try {
    await writeSource(controlledSource, { ...stream, terminal, ...flags });
  } finally {
    stream.close();
  }
}
