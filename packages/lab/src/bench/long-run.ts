/**
 * Feeds many records through the runtime and measures memory of all processes, disk by part and throughput by tenth;
 * then verifies the counts. `npm run long-run -- --help`; docs/long-run.md has results.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { thousands } from '@tweet-pipes/kit/wording';
import { Command } from 'commander';
import { sumOverProcesses } from './long-run/footprint.ts';
import { type LongRun, longRun } from './long-run/run.ts';
import { type Sample, tenths } from './long-run/sample.ts';

interface Flags {
  records: number;
  seed: number;
  ahead: number;
  data?: string;
  runtimeFlag: string[];
  nodeFlag: string[];
  json?: true;
}

const collect = (value: string, before: string[]): string[] => [...before, value];

await new Command('long-run')
  .showHelpAfterError('(--help shows what there is)')
  .description('feed many records through the runtime; show memory, disk and throughput by tenth; verify the counts')
  .option('--records <number>', 'how many, 1-10000000', integer(1, 10_000_000), 20_000)
  .option('--seed <number>', 'which sample, 0-4294967295', integer(0, 2 ** 32 - 1), 1)
  .option('--ahead <number>', 'maximum lag of the ingest pipe, in records', integer(1, 1_000_000), 10_000)
  .option('--data <folder>', 'an empty or new folder, kept afterwards (default: a temporary one, removed)')
  .option('--runtime-flag <flag>', 'for tweet-pipes local, such as --stream-megabytes=64; may be repeated', collect, [])
  .option('--node-flag <flag>', "for the runtime's Node, such as --cpu-prof; may be repeated", collect, [])
  .option('--json', 'the result on one line of JSON')
  .addHelpText(
    'after',
    '\nExit codes: 0 counts exact, 1 could not start, 2 anything wrong or the runtime failed. Linux only.',
  )
  .action(run)
  .parseAsync();

async function run(flags: Flags): Promise<void> {
  if (process.platform !== 'linux') {
    process.stderr.write('The long run reads /proc, which only Linux has.\n');
    process.exitCode = 1;
    return;
  }
  const dataFolder = flags.data ?? (await mkdtemp(join(tmpdir(), 'tweet-pipes-long-run-')));
  try {
    const result = await longRun({
      ...flags,
      dataFolder,
      nodeFlags: flags.nodeFlag,
      runtimeFlags: flags.runtimeFlag,
      onSample: (sample) => void process.stderr.write(`${line(sample)}\n`),
    });
    process.stdout.write(flags.json ? `${JSON.stringify(json(flags, result))}\n` : table(flags, result));
    if (result.differences.length > 0) process.exitCode = 2;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 2;
  } finally {
    if (flags.data === undefined) await rm(dataFolder, { recursive: true, force: true });
  }
}

function line({ seconds, done, resident, disk }: Sample): string {
  const parts = Object.entries(disk).map(([part, megabytes]) => `${part} ${megabytes.toFixed(0)}`);
  return `${seconds.toFixed(0).padStart(5)} s ${thousands(done).padStart(9)} records, ${sumOverProcesses(resident).toFixed(0)} MB resident, disk ${parts.join(', ')}`;
}

function json(flags: Flags, { readySeconds, seconds, samples, differences }: LongRun): object {
  const { records, seed } = flags;
  const peakResidentMegabytes = Math.max(...samples.map(({ resident }) => sumOverProcesses(resident)));
  return {
    ok: differences.length === 0,
    records,
    seed,
    readySeconds,
    seconds,
    recordsPerSecond: records / seconds,
    peakResidentMegabytes,
    tenths: tenths(samples),
    differences,
  };
}

function table(flags: Flags, { readySeconds, seconds, samples, differences }: LongRun): string {
  const processes = Object.keys(samples[0]?.resident ?? {});
  const heads = [
    ...['records', 'per s', 'MB', ...processes.map((name) => `MB ${name}`), 'MB PSS'],
    ...processes.map((name) => `ms ${name}`),
    ...Object.keys(samples[0]?.disk ?? {}),
  ];
  const rows = tenths(samples).map((tenth) => [
    thousands(tenth.done),
    ...[
      tenth.recordsPerSecond,
      tenth.peakResidentMegabytes,
      ...Object.values(tenth.peakResident),
      tenth.peakProportionalMegabytes,
    ].map((value) => value.toFixed(0)),
    ...Object.values(tenth.cpuMillisecondsPerRecord).map((milliseconds) => milliseconds.toFixed(2)),
    ...Object.values(tenth.disk).map((megabytes) => megabytes.toFixed(1)),
  ]);
  const text = [heads, ...rows].map((row) => row.map((cell) => cell.padStart(13)).join('')).join('\n');
  const verdict =
    differences.length === 0
      ? 'Every count is exact.'
      : `${differences.length} differences:\n  ${differences.slice(0, 20).join('\n  ')}`;
  return `${text}
${thousands(flags.records)} records in ${seconds.toFixed(1)} s, ${(flags.records / seconds).toFixed(0)} a second; ready in ${readySeconds.toFixed(1)} s.
MB: resident memory, the largest of each tenth. ms: processor time for a record. Then disk in MB at the end of the tenth.
${verdict}
`;
}
