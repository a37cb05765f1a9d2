import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { benchProgram } from '../../src/bench/program.ts';
import type { BenchContext, Subject } from '../../src/bench/subject.ts';

/** Subjects that note how they were called. */
function noting(names: readonly string[], work: (context: BenchContext) => void = () => {}) {
  const called: { name: string; context: BenchContext }[] = [];
  const subjects = names.map(
    (name): Subject => ({
      name,
      description: `measures ${name}`,
      async run(context) {
        called.push({ name, context });
        work(context);
        const figures = [{ name: `speed of ${name}`, unit: 'records/s', repeats: [1], median: 1 }];
        return { figures, ratios: [{ name: 'share', of: 'a ÷ b', repeats: [0.5], median: 0.5, goal: 0.8 }], notes: [] };
      },
    }),
  );
  return { called, subjects };
}

const bench = (args: readonly string[], subjects: readonly Subject[], terminal = fakeTerminal()) =>
  run(args, terminal, (some) => benchProgram(some, subjects));

it.each([
  [['nothing'], "'nothing' is invalid"],
  [['--rounds', '0'], 'It must be an integer from 1 to 100.'],
  [['--growth-records', '10'], 'It must be an integer from 1000 to 1000000.'],
  [['--counters', '10'], 'It must be an integer from 1000 to 1000000.'],
])('refuses %j', async (args, message) => {
  const terminal = fakeTerminal();
  const { called, subjects } = noting(['first']);

  expect(await bench(args, subjects, terminal)).toBe(1);
  expect(terminal.complaints()).toContain(message);
  expect(called).toEqual([]);
});

it('runs all subjects in their own order, or only those that are named', async () => {
  const { called, subjects } = noting(['first', 'second', 'third']);

  expect(await bench([], subjects)).toBe(0);
  expect(await bench(['third', 'first', '--rounds', '5'], subjects)).toBe(0);

  expect(called.map(({ name }) => name)).toEqual(['first', 'second', 'third', 'first', 'third']);
  expect(called.map(({ context }) => context.rounds)).toEqual([3, 3, 3, 5, 5]);
});

it('gives one JSON document, with the goals that were missed, and no error for them', async () => {
  const terminal = fakeTerminal();
  const { subjects } = noting(['first']);

  expect(await bench(['--json'], subjects, terminal)).toBe(0);

  const document = JSON.parse(terminal.printed());
  expect(document.missed).toEqual(['share']);
  expect(document.subjects[0].figures[0]).toEqual({
    name: 'speed of first',
    unit: 'records/s',
    repeats: [1],
    median: 1,
  });
  expect(document.machine.node).toBe(process.version);
  expect(document.versions['tweet-pipes']).toBe('0.1.0');
});

it('ends with exit code 2 and without its folder when it is interrupted', async () => {
  const terminal = fakeTerminal();
  const { called, subjects } = noting(['first', 'second'], ({ signal }) => {
    terminal.interrupt();
    signal.throwIfAborted();
  });

  expect(await bench([], subjects, terminal)).toBe(2);

  expect(terminal.complaints()).toContain('Interrupted');
  expect(called.map(({ name, context }) => [name, existsSync(context.folder)])).toEqual([['first', false]]);
});

it('says of every subject in --help what it measures', async () => {
  const terminal = fakeTerminal();
  const { subjects } = noting(['first', 'second']);

  expect(await bench(['--help'], subjects, terminal)).toBe(0);
  expect(terminal.printed()).toContain('first   measures first\n  second  measures second');
});
