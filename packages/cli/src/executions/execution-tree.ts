import type { ExecutionTree, Iteration, StateRun, StateStatus } from '@tweet-pipes/console/api';
import { executionEnd, openStatus } from './execution-list.ts';
import { type LoggedEvent, textOf } from './log-event.ts';

/** States that follow each other: those of the execution, of one iteration, or of one branch. */
interface Scope {
  readonly states: StateRun[];
  /** The Map or Parallel that the states are inside of. */
  readonly owner?: { readonly run: StateRun; readonly iteration: Iteration; readonly scope: Scope };
}

/** Where an event leaves the story. The events that name it as their previous one go on there. */
interface Place {
  readonly scope: Scope;
  /** The state that was entered and not left. */
  readonly open?: StateRun;
}

/**
 * Builds the tree of states and iterations from the events of an execution, in the order of their ids. Each event
 * belongs to exactly one node. An event whose state is not in the log, because the level leaves it out or because it
 * was trimmed, belongs to the execution.
 *
 * @param nowMs tells an execution that runs from one whose end was lost
 */
export function buildExecutionTree(events: readonly LoggedEvent[], nowMs: number): ExecutionTree {
  return new TreeBuilder(events).build(nowMs);
}

class TreeBuilder {
  readonly #events: readonly LoggedEvent[];
  readonly #root: Scope = { states: [] };
  readonly #rootEvents: number[] = [];
  readonly #places = new Map<number, Place>();
  /** Maps and Parallels whose iterations run. */
  readonly #inside = new Set<StateRun>();
  /** How often each Map and Parallel has begun. */
  readonly #begun = new Map<StateRun, number>();
  /** States whose last attempt failed. A retry or the exit takes them out. */
  readonly #failing = new Set<StateRun>();

  constructor(events: readonly LoggedEvent[]) {
    this.#events = events;
  }

  build(nowMs: number): ExecutionTree {
    let start: LoggedEvent | undefined;
    let end: LoggedEvent | undefined;
    for (const event of this.#events) {
      if (event.type === 'ExecutionStarted') start = event;
      if (executionEnd(event.type) !== undefined) end = event;
      this.#places.set(event.id, this.#place(event));
    }
    const status = (end && executionEnd(end.type)) ?? openStatus(start?.atMs, nowMs);
    if (status !== 'running') this.#close(this.#root.states, end?.atMs ?? this.#events.at(-1)?.atMs ?? nowMs);
    return {
      status,
      ...(start === undefined ? {} : { startMs: start.atMs }),
      ...(end === undefined ? {} : { endMs: end.atMs, ...problemOf(end) }),
      states: this.#root.states,
      events: this.#rootEvents,
    };
  }

  #place(event: LoggedEvent): Place {
    const { type } = event;
    const before = this.#places.get(event.previousId) ?? { scope: this.#root };
    if (type.endsWith('StateEntered')) return this.#enter(event, before);
    if (type.endsWith('StateExited')) return this.#exit(event, before);
    if (type.startsWith('MapIteration')) return this.#iterate(event, before);
    if (type.startsWith('MapState') || type.startsWith('ParallelState')) return this.#contain(event, before);
    if (/^(Task|LambdaFunction|Activity)/.test(type)) return this.#attempt(event, before);
    if (type === 'EvaluationFailed') return this.#failEvaluation(event, before);
    return this.#belongToExecution(event, before);
  }

  #belongToExecution({ id }: LoggedEvent, before: Place): Place {
    this.#rootEvents.push(id);
    return before;
  }

  #enter(event: LoggedEvent, before: Place): Place {
    const { id, type, atMs, details } = event;
    const scope =
      before.open && this.#inside.has(before.open) ? this.#openBranch(before.open, before.scope, atMs) : before.scope;
    const isFail = type === 'FailStateEntered';
    const run: StateRun = {
      id,
      name: textOf(details, 'name') ?? '?',
      type: type.slice(0, -'StateEntered'.length),
      status: isFail ? 'failed' : 'running',
      startMs: atMs,
      ...(isFail ? { endMs: atMs, ...problemOf(event) } : {}),
      attempts: [],
      iterations: [],
      events: [id],
    };
    scope.states.push(run);
    return { scope, open: run };
  }

  /** A branch of a Parallel has no event of its own: it begins with its first state. */
  #openBranch(run: StateRun, scope: Scope, startMs: number): Scope {
    const attempt = (this.#begun.get(run) ?? 1) - 1;
    const index = run.iterations.filter((other) => other.attempt === attempt).length;
    return this.#openIteration(run, scope, { index, attempt, status: 'running', startMs, states: [], events: [] });
  }

  #openIteration(run: StateRun, scope: Scope, iteration: Iteration): Scope {
    run.iterations.push(iteration);
    return { states: iteration.states, owner: { run, iteration, scope } };
  }

  #exit(event: LoggedEvent, before: Place): Place {
    const name = textOf(event.details, 'name');
    const found = findUp(before, (run) => run.name === name && run.exitId === undefined);
    if (found === undefined) return this.#belongToExecution(event, before);
    const { run, scope } = found;
    run.events.push(event.id);
    run.exitId = event.id;
    run.endMs = event.atMs;
    run.status = this.#failing.delete(run) ? 'caught' : 'succeeded';
    if (run.status === 'succeeded') {
      delete run.error;
      delete run.cause;
    }
    if (run.type === 'Parallel') this.#end(run, 'succeeded', event.atMs);
    return { scope };
  }

  #attempt(event: LoggedEvent, before: Place): Place {
    const { id, type, atMs } = event;
    const found = findUp(before, (run) => run.type === 'Task' && run.exitId === undefined);
    if (found === undefined) return this.#belongToExecution(event, before);
    const { run, scope } = found;
    run.events.push(id);
    const last = run.attempts.at(-1);
    if (type.endsWith('Scheduled')) {
      run.attempts.push({ scheduledMs: atMs, scheduledId: id });
      this.#failing.delete(run);
    } else if (type === 'TaskStateAborted') {
      run.status = 'aborted';
      run.endMs = atMs;
    } else if (last !== undefined) {
      if (type.endsWith('Started')) run.attempts[run.attempts.length - 1] = { ...last, startedMs: atMs };
      else if (type.endsWith('Succeeded')) run.attempts[run.attempts.length - 1] = { ...last, endMs: atMs, endId: id };
      else if (/(Failed|TimedOut)$/.test(type)) {
        run.attempts[run.attempts.length - 1] = { ...last, endMs: atMs, endId: id, ...problemOf(event) };
        this.#fail(run, event);
      }
    }
    return { scope, open: run };
  }

  #fail(run: StateRun, event: LoggedEvent): void {
    this.#failing.add(run);
    Object.assign(run, problemOf(event));
  }

  /** `MapStateStarted`, `ParallelStateFailed`, …: what happens to the whole. */
  #contain(event: LoggedEvent, before: Place): Place {
    const { id, type, atMs } = event;
    const kind = type.startsWith('Map') ? 'Map' : 'Parallel';
    const isStart = type.endsWith('Started');
    const found = findUp(
      before,
      (run) => run.type === kind && run.exitId === undefined && (isStart || this.#inside.has(run)),
    );
    if (found === undefined) return this.#belongToExecution(event, before);
    const { run, scope } = found;
    run.events.push(id);
    if (isStart) {
      this.#inside.add(run);
      this.#begun.set(run, (this.#begun.get(run) ?? 0) + 1);
      this.#failing.delete(run);
    } else {
      this.#inside.delete(run);
      if (type.endsWith('Failed')) {
        this.#end(run, 'failed', atMs);
        Object.assign(run, innerProblem(run), problemOf(event));
        this.#failing.add(run);
      }
    }
    return { scope, open: run };
  }

  #iterate(event: LoggedEvent, before: Place): Place {
    const { id, type, atMs, details } = event;
    const name = textOf(details, 'name');
    const found = findUp(before, (run) => run.name === name && run.type === 'Map');
    if (found === undefined) return this.#belongToExecution(event, before);
    const { run, scope } = found;
    const index = typeof details.index === 'number' ? details.index : Number(details.index ?? run.iterations.length);
    if (type === 'MapIterationStarted') {
      const attempt = Math.max(0, (this.#begun.get(run) ?? 1) - 1);
      const inner = this.#openIteration(run, scope, {
        index,
        attempt,
        status: 'running',
        startMs: atMs,
        states: [],
        events: [id],
      });
      return { scope: inner };
    }
    const iteration = run.iterations.findLast((other) => other.index === index && other.endMs === undefined);
    if (iteration === undefined) {
      run.events.push(id);
      return { scope, open: run };
    }
    iteration.events.push(id);
    this.#endIteration(iteration, iterationEnd(type), atMs);
    return { scope, open: run };
  }

  #failEvaluation(event: LoggedEvent, before: Place): Place {
    const name = textOf(event.details, 'state');
    const found = findUp(before, (run) => run.name === name) ?? lastInside(before, name);
    if (found === undefined) return this.#belongToExecution(event, before);
    const { run, scope } = found;
    run.events.push(event.id);
    this.#fail(run, event);
    return { scope, open: run };
  }

  #end(run: StateRun, status: StateStatus, atMs: number): void {
    for (const iteration of run.iterations)
      if (iteration.endMs === undefined) this.#endIteration(iteration, status, atMs);
  }

  #endIteration(iteration: Iteration, status: StateStatus, atMs: number): void {
    iteration.endMs = atMs;
    this.#close(iteration.states, atMs);
    const isBroken = iteration.states.some((state) => state.status === 'failed' || state.status === 'timedOut');
    const isStopped = iteration.states.some((state) => state.status === 'aborted');
    iteration.status = status === 'failed' && !isBroken && isStopped ? 'aborted' : status;
  }

  /** Nothing runs after the end of what it is inside of: what was not left has failed, or was stopped. */
  #close(states: readonly StateRun[], atMs: number): void {
    for (const run of states) {
      if (run.status !== 'running') continue;
      run.status = this.#failing.has(run) ? 'failed' : 'aborted';
      run.endMs = atMs;
      this.#inside.delete(run);
      this.#end(run, run.status, atMs);
    }
  }
}

/** The nearest state around a place for which a condition holds, and the scope that it stands in. */
function findUp(place: Place, isWanted: (run: StateRun) => boolean): { run: StateRun; scope: Scope } | undefined {
  if (place.open !== undefined && isWanted(place.open)) return { run: place.open, scope: place.scope };
  for (let { owner } = place.scope; owner !== undefined; owner = owner.scope.owner) {
    if (isWanted(owner.run)) return { run: owner.run, scope: owner.scope };
  }
  return undefined;
}

function lastInside({ scope }: Place, name: string | undefined): { run: StateRun; scope: Scope } | undefined {
  const run = scope.states.findLast((other) => other.name === name);
  return run && { run, scope };
}

/** The error that ended the iteration that failed first. */
function innerProblem(run: StateRun): { error?: string; cause?: string } {
  const failed = run.iterations.flatMap(({ states }) => states).find(({ status }) => status === 'failed');
  return failed === undefined
    ? {}
    : {
        ...(failed.error === undefined ? {} : { error: failed.error }),
        ...(failed.cause === undefined ? {} : { cause: failed.cause }),
      };
}

function iterationEnd(type: string): StateStatus {
  if (type === 'MapIterationSucceeded') return 'succeeded';
  return type === 'MapIterationAborted' ? 'aborted' : 'failed';
}

function problemOf({ details }: LoggedEvent): { error?: string; cause?: string } {
  const [error, cause] = [textOf(details, 'error'), textOf(details, 'cause')];
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}
