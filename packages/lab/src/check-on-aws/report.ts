import { printable, type Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { plural } from '@tweet-pipes/kit/wording';
import { table } from '../scale/table.ts';
import type { DefinitionCheck, StateCheck, Verdict } from './check-states.ts';

/** Whose account the calls go to. */
export interface Caller {
  readonly account: string;
  /** `arn:aws:iam::123456789012:user/me` */
  readonly arn: string;
  readonly region: string;
}

/** The whole check. */
export interface CheckResult {
  readonly caller: Caller;
  readonly definition: DefinitionCheck;
  readonly states: readonly StateCheck[];
  /** States that no batch reached on this machine, or none without an error: their work was not checked. */
  readonly notReached: readonly string[];
}

/** Whether AWS accepts the definition and answers to every state what the local runtime answers. */
export function isProven({ definition, states, notReached }: CheckResult): boolean {
  return definition.result === 'OK' && notReached.length === 0 && states.every(({ verdict }) => verdict === 'same');
}

/** Prints the table and what it means. */
export function printResult(result: CheckResult, terminal: Pick<Terminal, 'out' | 'bold'>): void {
  const { definition, states, notReached } = result;
  const rows = [
    ['(definition)', '–', definition.result, definition.ms, printable(definition.diagnostics.join('; '))],
    ...states.map(({ state, batch, verdict, ms, words }) => [state, batch, verdict, ms, printable(words)]),
  ];
  terminal.out(table(['state', 'batch', 'verdict', 'ms', "AWS's words"], rows));
  terminal.out('');
  for (const name of notReached)
    terminal.out(`${name} was not checked: no batch makes it do its work on this machine.`);
  terminal.out(terminal.bold(summary(result)));
}

function summary(result: CheckResult): string {
  const { definition, states } = result;
  const count = (verdict: Verdict) => states.filter((check) => check.verdict === verdict).length;
  const others = (['different', 'failed', 'refused', 'too large'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${verdict} ${count(verdict)}`);
  const answers = `${plural(states.length, 'test')}: same as here ${count('same')}${others.map((text) => `, ${text}`).join('')}.`;
  return `${definition.result === 'OK' ? 'AWS accepts the definition.' : 'AWS refuses the definition.'} ${answers}`;
}
