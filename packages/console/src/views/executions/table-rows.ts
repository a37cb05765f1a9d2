import type { StateRun, StateStatus } from '../../api.ts';
import { iterationKey } from './overlay.ts';

/** A row of the table view: a run of a state, or an iteration of a Map. */
export interface StateRow {
  readonly key: string;
  readonly depth: number;
  readonly title: string;
  readonly status: StateStatus;
  readonly startMs: number;
  readonly endMs?: number;
  /** Undefined for an iteration. */
  readonly run?: StateRun;
  /** Number of iterations or states inside. 0: it does not fold. */
  readonly inside: number;
  readonly isOpen: boolean;
}

/** Whether a row is open that the reader has not folded or unfolded: what holds one thing alone needs no click. */
const OPEN_AT_FIRST = 1;

/** The rows of a tree, those inside of closed ones left out. `folded` says what the reader has changed. */
export function stateRows(states: readonly StateRun[], folded: ReadonlyMap<string, boolean>, depth = 0): StateRow[] {
  return states.flatMap((run) => {
    const key = String(run.id);
    const inside = run.iterations.length;
    const isOpen = inside > 0 && (folded.get(key) ?? inside <= OPEN_AT_FIRST);
    const row: StateRow = { key, depth, title: run.name, ...timesOf(run), run, inside, isOpen };
    return isOpen
      ? [row, ...run.iterations.flatMap((iteration) => iterationRows(run, iteration, folded, depth + 1))]
      : [row];
  });
}

function iterationRows(
  run: StateRun,
  iteration: StateRun['iterations'][number],
  folded: ReadonlyMap<string, boolean>,
  depth: number,
): StateRow[] {
  const key = iterationKey(run, iteration);
  const inside = iteration.states.length;
  const isOpen = inside > 0 && (folded.get(key) ?? run.iterations.length <= OPEN_AT_FIRST);
  const row: StateRow = { key, depth, title: iterationTitle(run, iteration), ...timesOf(iteration), inside, isOpen };
  return isOpen ? [row, ...stateRows(iteration.states, folded, depth + 1)] : [row];
}

/** `Iteration 3`, `Branch 0`, `Iteration 3, retry 1` */
function iterationTitle({ type }: StateRun, { index, attempt }: StateRun['iterations'][number]): string {
  const title = `${type === 'Parallel' ? 'Branch' : 'Iteration'} ${index}`;
  return attempt === 0 ? title : `${title}, retry ${attempt}`;
}

function timesOf({ status, startMs, endMs }: { status: StateStatus; startMs: number; endMs?: number }) {
  return { status, startMs, ...(endMs === undefined ? {} : { endMs }) };
}
