import { expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { scaleProgram } from '../../src/scale/program.ts';

it.each([
  [['--only', 'everything'], 'Allowed choices are rates, keep-up, full-shard, hot-hashtag, limits.'],
  [['--batch-size', '2000'], 'It must be an integer from 1 to 1000.'],
  [['--only', 'rates', '--validate'], "option '--only <question>' cannot be used with option '--validate'"],
  [['--table', '/nowhere.json'], "The table of AWS's pace cannot be used: /nowhere.json"],
])('refuses %j', async (args, message) => {
  const terminal = fakeTerminal();
  expect(await run(args, terminal, scaleProgram)).toBe(1);
  expect(terminal.complaints()).toContain(message);
});

it('reports limits by the rate that reaches them, as JSON and as a table', async () => {
  const [json, table] = [fakeTerminal(), fakeTerminal()];
  const args = ['--only', 'limits', '--seed', '3'];
  expect(await run([...args, '--json'], json, scaleProgram)).toBe(0);
  expect(await run(args, table, scaleProgram)).toBe(0);
  const { limits } = JSON.parse(json.printed());
  const rates = limits.compact.map(({ tweetsPerSecond }: { tweetsPerSecond: number }) => tweetsPerSecond);
  expect(rates).toEqual([...rates].sort((a: number, b: number) => a - b));
  expect(limits.compact).toContainEqual(
    expect.objectContaining({ what: 'write units of a new table `tweets`', tweetsPerSecond: 4_000 }),
  );
  expect(table.printed()).toContain('write units of a new table `tweets`');
});
