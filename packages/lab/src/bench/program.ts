import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress } from '@tweet-pipes/cli/terminal/progress';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { Argument, type Command } from 'commander';
import { before } from './before.ts';
import { provenance } from './provenance.ts';
import { type BenchReport, mediansBefore, missed, reportText } from './report.ts';
import type { Subject } from './subject.ts';
import { subjects as allSubjects } from './subjects.ts';

interface Flags {
  rounds: number;
  growthRecords: number;
  counters: number;
  nodeFlag: string[];
  json?: true;
}

/**
 * The command line of the bench. Exit code in `terminal.exitCode`; usage errors and --help are commander's, as in
 * packages/cli/src/program.ts.
 */
export function benchProgram(terminal: Terminal, subjects: readonly Subject[] = allSubjects): Command {
  const width = Math.max(...subjects.map(({ name }) => name.length));
  const list = subjects.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n');
  return terminalProgram('npm run bench --', terminal)
    .description(
      'Measure the local runtime: end to end, compared with its engine and the usual consumer, and part by part.',
    )
    .addArgument(
      new Argument('[subjects...]', 'what to measure (default: all)').choices(subjects.map(({ name }) => name)),
    )
    .option('--rounds <number>', 'how often each comparison is repeated, 1-100', integer(1, 100), 3)
    .option('--growth-records <number>', 'where growth ends, 1000-1000000', integer(1_000, 1_000_000), 10_000)
    .option('--counters <number>', 'counters of the page in looking, 1000-1000000', integer(1_000, 1_000_000), 100_000)
    .option('--node-flag <flag>', "for the runtimes' Node, such as --cpu-prof; may be repeated", collect, [])
    .option('--json', 'the result as one JSON document')
    .addHelpText(
      'after',
      `
Subjects, in the order in which they run:
${list}

Everything runs on runtimes of its own in a temporary folder. What is compared is measured in turns, so that ratios hold also on a machine that does
other things; absolute figures do not. Linux only. docs/performance.md says what each figure means.

Exit codes: 0 measured, whether or not a goal is met, 1 could not start, 2 something failed on the way or the run was interrupted.

Examples:
  $ npm run bench
  $ npm run bench -- headline --rounds 5
  $ npm run bench -- headline --node-flag=--cpu-prof --node-flag=--cpu-prof-dir=/tmp/profiles
  $ npm run bench --silent -- growth --growth-records 1000000 --json`,
    )
    .action((names: string[], flags: Flags) => bench(chosen(subjects, names), flags, terminal));
}

const collect = (value: string, before: string[]): string[] => [...before, value];

function chosen(subjects: readonly Subject[], names: readonly string[]): Subject[] {
  return subjects.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function bench(
  subjects: readonly Subject[],
  { rounds, growthRecords, counters, nodeFlag: nodeFlags, json }: Flags,
  terminal: Terminal,
) {
  if (process.platform !== 'linux') throw new CliError('The bench reads /proc, which only Linux has.');
  const signal = terminal.interruptible();
  const folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-bench-'));
  const progress = new Progress(terminal, 'bench', subjects.length);
  const report: BenchReport = { ...(await provenance()), seconds: 0, subjects: [] };
  const startMs = terminal.clock.now();
  try {
    for (const [index, { name, run }] of subjects.entries()) {
      const subjectFolder = join(folder, name);
      await mkdir(subjectFolder);
      const doing = (what: string) => progress.update(index, `${name}: ${what}`);
      const result = await run({ folder: subjectFolder, rounds, growthRecords, counters, nodeFlags, signal, doing });
      report.subjects.push({ name, ...result });
      await rm(subjectFolder, { recursive: true, force: true });
    }
  } catch (error) {
    if (signal.aborted) throw new CliError('Interrupted: nothing is reported.', { exitCode: 2, cause: error });
    throw error;
  } finally {
    progress.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  report.seconds = (terminal.clock.now() - startMs) / 1000;
  const { date, commit } = before;
  const more = { missed: missed(report), before: { date, commit, medians: mediansBefore(report) } };
  if (json) terminal.out(JSON.stringify({ ...report, ...more }));
  else for (const line of reportText(report)) terminal.out(line);
}
