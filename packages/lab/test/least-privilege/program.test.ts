import { expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import type { RightsVerdict } from '../../src/least-privilege/judge.ts';
import { leastPrivilegeProgram } from '../../src/least-privilege/program.ts';
import { printResult } from '../../src/least-privilege/report.ts';
import { type Right, rolesWith } from '../../src/least-privilege/rights.ts';

it('refuses what it does not know, and what cannot be combined, before anything starts', async () => {
  const [unknown, both] = [fakeTerminal(), fakeTerminal()];
  expect(await run(['everything'], unknown, leastPrivilegeProgram)).toBe(1);
  expect(await run(['--no-remove', '--role', 'Ingest'], both, leastPrivilegeProgram)).toBe(1);
  expect(both.complaints()).toContain('--role says what to remove, and --no-remove removes nothing.');
});

it('chooses roles by a part of their names, and refuses one that none has', () => {
  const roles = ['App-WriterRole', 'App-ReaderRole'].map((name) => ({ name, arn: name, trust: {}, policies: [] }));
  expect(rolesWith(roles, 'Writer')).toEqual(new Set(['App-WriterRole']));
  expect(() => rolesWith(roles, 'Ingest')).toThrow(
    'No role has "Ingest" in its name. There are App-WriterRole, App-ReaderRole.',
  );
});

const right: Right = {
  ...{ roleName: 'App-WriterRole', policyName: 'Default', what: 'statement 2', kind: 'statement' },
  ...{ values: ['sqs:SendMessage'], without: undefined },
};
const proved: RightsVerdict = { needed: [{ right, questions: [] }], known: [], unused: [], stale: [] };

interface Result {
  readonly name: string;
  readonly verdict: RightsVerdict;
  readonly denied: string | undefined;
  readonly history?: string;
  readonly isUntold?: boolean;
  readonly exitCode: number;
  readonly says: string;
}

it.each<Result>([
  {
    name: 'proved',
    verdict: proved,
    denied: 'sqs:SendMessage on q',
    exitCode: 0,
    says: ': denied sqs:SendMessage on q.',
  },
  {
    name: 'unused',
    verdict: { ...proved, unused: [right] },
    denied: 'x',
    exitCode: 2,
    says: 'Unused: App-WriterRole, ',
  },
  { name: 'stale', verdict: { ...proved, stale: ['row'] }, denied: 'x', exitCode: 2, says: 'Out of date: row.' },
  {
    name: 'not denied',
    verdict: proved,
    denied: undefined,
    exitCode: 2,
    says: 'Denied nothing: App-WriterRole, statement 2: all went well',
  },
  {
    ...{ name: 'in no history', verdict: proved, denied: 'x', isUntold: true, exitCode: 2 },
    says: 'Not in the history of the workflow: App-WriterRole, statement 2: denied x.',
  },
  {
    ...{ name: 'in a history', verdict: proved, denied: 'x', history: 'TaskFailed E', exitCode: 0 },
    says: 'App-WriterRole, statement 2: denied x, in the history TaskFailed E.',
  },
])('says what it found, and its exit code: $name', ({ verdict, denied, history, isUntold = false, exitCode, says }) => {
  const [text, json] = [fakeTerminal(), fakeTerminal()];
  const removal = { right, denied, history, isUntold, error: undefined };
  printResult(verdict, [removal], { json: false }, text);
  printResult(verdict, [removal], { json: true }, json);
  expect([text.exitCode, json.exitCode]).toEqual([exitCode, exitCode]);
  expect(text.printed()).toContain(says);
  expect(JSON.parse(json.printed())).toMatchObject({ ok: exitCode === 0, needed: 1 });
});
