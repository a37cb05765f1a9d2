import type { Iteration, StateRun, StateStatus } from '../../api.ts';

/** What ran of a state of the definition, in the iterations that are picked. */
export interface StateSummary {
  /** That of the run with the most to tell: failed before running, caught, aborted and succeeded. */
  readonly status: StateStatus;
  readonly runs: readonly StateRun[];
  /** Of a Map or Parallel, of all its runs here. */
  readonly iterations: readonly PickableIteration[];
  /** From the first entry to the last exit, in milliseconds; undefined while it runs. */
  readonly spanMs: number | undefined;
}

/** An iteration that the picker offers. */
export interface PickableIteration {
  /** Unique in the execution. */
  readonly key: string;
  readonly iteration: Iteration;
}

/** The picked iteration of each Map, by the Map's name. Without one, all are shown together. */
export type Picks = Readonly<Record<string, string | undefined>>;

const weights: Readonly<Record<StateStatus, number>> = {
  failed: 5,
  timedOut: 5,
  running: 4,
  caught: 3,
  aborted: 2,
  succeeded: 1,
};

/** What ran of a definition. */
export interface Overlay {
  /** By the name of the state. States that did not run are not in it. */
  readonly states: ReadonlyMap<string, StateSummary>;
  /** The transitions that were taken, as {@link transitionKey} names them. */
  readonly taken: ReadonlySet<string>;
}

/** Stand for the start and the end of the states of a machine, where names of states stand. */
export const [START, END] = ['\0start', '\0end'] as const;

/** Names a transition. Names of states are unique in a whole definition. */
export function transitionKey(from: string, to: string): string {
  return `${from}\0${to}`;
}

/** What ran, in the iterations that are picked. */
export function overlayRuns(states: readonly StateRun[], picks: Picks): Overlay {
  const found: Found = { states: new Map(), taken: new Set() };
  collect(states, picks, found);
  return {
    states: new Map(
      [...found.states].map(([name, { runs, iterations }]) => [name, { ...summary(runs), runs, iterations }]),
    ),
    taken: found.taken,
  };
}

/** The key of an iteration of a run. */
export function iterationKey(run: StateRun, { attempt, index }: Iteration): string {
  return `${run.id}.${attempt}.${index}`;
}

interface Found {
  states: Map<string, { runs: StateRun[]; iterations: PickableIteration[] }>;
  taken: Set<string>;
}

function collect(states: readonly StateRun[], picks: Picks, found: Found): void {
  let before: string = START;
  for (const run of states) {
    found.taken.add(transitionKey(before, run.name));
    before = run.name;
    const entry = found.states.get(run.name) ?? { runs: [], iterations: [] };
    found.states.set(run.name, entry);
    entry.runs.push(run);
    for (const iteration of run.iterations) {
      const key = iterationKey(run, iteration);
      entry.iterations.push({ key, iteration });
      const picked = picks[run.name];
      if (picked === undefined || picked === key) collect(iteration.states, picks, found);
    }
  }
  const last = states.at(-1);
  if (last?.exitId !== undefined || last?.type === 'Fail') found.taken.add(transitionKey(last.name, END));
}

function summary(runs: readonly StateRun[]): Pick<StateSummary, 'status' | 'spanMs'> {
  const [first, ...others] = runs;
  let status = first?.status ?? 'succeeded';
  for (const run of others) if (weights[run.status] > weights[status]) status = run.status;
  const ends = runs.map(({ endMs }) => endMs);
  const isOver = ends.every((endMs) => endMs !== undefined);
  const startMs = runs.reduce((least, run) => Math.min(least, run.startMs), Number.POSITIVE_INFINITY);
  const endMs = ends.reduce<number>((most, end = 0) => Math.max(most, end), 0);
  return { status, spanMs: isOver ? endMs - startMs : undefined };
}
