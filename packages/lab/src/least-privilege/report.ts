import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { plural } from '@tweet-pipes/kit/wording';
import type { RightsVerdict } from './judge.ts';
import type { Removal } from './proof.ts';
import type { Right } from './rights.ts';

/** Prints the result, and sets exit code 2 unless all is proved. */
export function printResult(
  verdict: RightsVerdict,
  removals: readonly Removal[],
  { json }: { json: boolean },
  terminal: Terminal,
): void {
  const harmless = removals.filter(({ denied }) => denied === undefined);
  const untold = removals.filter(({ isUntold }) => isUntold);
  const isProved = verdict.unused.length + verdict.stale.length + harmless.length + untold.length === 0;
  if (!isProved) terminal.exitCode = 2;
  if (json) {
    terminal.out(
      JSON.stringify({
        ok: isProved,
        needed: verdict.needed.length,
        known: verdict.known.map(nameOf),
        unused: verdict.unused.map(nameOf),
        stale: verdict.stale,
        removed: removals.map(({ right, denied, history, isUntold, error }) => ({
          ...{ right: nameOf(right), denied: denied ?? null },
          ...((history !== undefined || isUntold) && { history: history ?? null }),
          ...(denied === undefined && error !== undefined && { error }),
        })),
      }),
    );
    return;
  }
  for (const right of verdict.unused)
    terminal.out(`Unused: ${nameOf(right)}. Remove it, or add a row with its source.`);
  for (const row of verdict.stale) terminal.out(`Out of date: ${row}.`);
  for (const removal of removals) terminal.out(removalText(removal));
  terminal.out(
    `${plural(verdict.needed.length, 'right')} needed, ${verdict.known.length} known to be needed elsewhere, ` +
      `${verdict.unused.length} unused; ` +
      `${removals.length - harmless.length} of ${plural(removals.length, 'removed statement')} denied a call.`,
  );
}

function removalText({ right, denied, history, isUntold, error = 'all went well' }: Removal): string {
  if (denied === undefined) return `Denied nothing: ${nameOf(right)}: ${error}`;
  if (isUntold) return `Not in the history of the workflow: ${nameOf(right)}: denied ${denied}.`;
  return `${nameOf(right)}: denied ${denied}${history === undefined ? '' : `, in the history ${history}`}.`;
}

function nameOf({ roleName, what }: Right): string {
  return `${roleName}, ${what}`;
}
