import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { State } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { HistoryLog } from '../history/history-log.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from '../jsonata/bounds.ts';
import { abortable } from './abortable.ts';
import { runState } from './run-graph.ts';
import type { Run, StateProbe, StateResult } from './thread.ts';
import { VariableScope } from './variables.ts';

/** The longest duration of a test: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html */
const TEST_SECONDS = 300;

/** What stands in for the call of a Task, the iterations of a Map or the branches of a Parallel. */
export type StateMock =
  | { readonly kind: 'result'; readonly result: Json }
  | { readonly kind: 'error'; readonly error: string; readonly cause: string | undefined };

/** One state to run on its own. */
export interface StateTest {
  readonly state: State;
  /** At most 256 KiB as JSON, which the API checks. */
  readonly input: Json;
  /** By name without `$`. */
  readonly variables: JsonObject;
  /** Undefined: a Task makes its call. Map and Parallel states need a mock. */
  readonly mock: StateMock | undefined;
  /** The number of retries that every retrier counts as made. */
  readonly retriesMade: number;
  /** The members Execution and StateMachine of `$states.context`. */
  readonly execution: JsonObject;
  readonly stateMachine: JsonObject;
  /** The member Map, for a state inside a Map. */
  readonly map: JsonObject | undefined;
  /** Replaces the whole context object. */
  readonly context: JsonObject | undefined;
  readonly region: string;
  readonly runTask: TaskRunner;
  readonly clock: Clock;
  readonly random: Random;
  /** How much an expression may take. Default: as on AWS. */
  readonly expressionBounds?: ExpressionBounds;
  /** Ends the test with {@link Stopped}. */
  readonly signal: AbortSignal;
}

/** How a tested state ended. RETRIABLE: a retry is due, which the test does not make. */
export interface StateTestResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  /** Present when SUCCEEDED or CAUGHT_ERROR. */
  readonly output?: Json;
  /** The next state, if there is one. */
  readonly next?: string;
  /** Present unless SUCCEEDED; a Fail state may omit error, cause or both. */
  readonly error?: string;
  readonly cause?: string;
  readonly inspection: Inspection;
}

/** What happened inside the state. A member is absent when the state did not get to it. */
export interface Inspection {
  /** The evaluated arguments of a Task. */
  arguments?: Json;
  /** What a Task's call, or its mock, returned. */
  result?: Json;
  /** The variables after the state: those of the test and those that the state assigned. */
  variables: JsonObject;
  /** MaxConcurrency of a Map; 0 without one. */
  maxConcurrency?: number;
  /** The inputs of a Map's iterations, if it has an ItemSelector. */
  iterationInputs?: readonly Json[];
  /** The first retrier that matches the error. */
  retryIndex?: number;
  /** The delay before the retry that is due. */
  retryDelayMs?: number;
  /** The catcher that took the error. */
  catchIndex?: number;
}

/**
 * Runs one state with the interpreter of executions, except that a retry ends it. A failure of the state does not
 * throw; it becomes the result's status, error and cause. After five minutes it is `States.Timeout`. Throws
 * {@link Stopped} when the test's signal aborts.
 */
export async function testState(test: StateTest): Promise<StateTestResult> {
  const watch = new StateWatch(test);
  const stop = new AbortController();
  const signal = AbortSignal.any([test.signal, stop.signal]);
  void test.clock.sleep(TEST_SECONDS * 1000, signal).then(() => stop.abort());
  const scope = new VariableScope({ bytes: 0 });
  try {
    for (const [name, value] of Object.entries(test.variables)) scope.assign(test.state.name, [[name, value ?? null]]);
    const thread = { run: runOf(test, watch), signal, scope, map: test.map, lastEventId: 0 };
    return watch.ended(await abortable(runState(thread, test.state, test.input), signal), scope);
  } catch (error) {
    if (error instanceof Stopped && !test.signal.aborted) return watch.failed(new StateError('States.Timeout'), scope);
    if (error instanceof RetryDue) return { ...watch.failed(error.cause, scope), status: 'RETRIABLE' };
    if (error instanceof StateError) return watch.failed(error, scope);
    throw error;
  } finally {
    stop.abort();
  }
}

/** Ends a test where an execution would wait and try again. */
class RetryDue extends Error {
  override readonly name = 'RetryDue';
  override readonly cause: StateError;

  constructor(cause: StateError) {
    super('A retry is due.');
    this.cause = cause;
  }
}

/** Notes what happens inside the tested state, and answers for what the mock stands for. */
class StateWatch implements StateProbe {
  readonly retriesMade: number;
  readonly context?: JsonObject;
  readonly #test: StateTest;
  readonly #seen: Omit<Inspection, 'variables'> = {};
  #caught: StateError | undefined;
  #lastError: StateError | undefined;

  constructor(test: StateTest) {
    this.#test = test;
    this.retriesMade = test.retriesMade;
    if (test.context !== undefined) this.context = test.context;
  }

  onError(error: StateError, retrier: number | undefined, delayMs: number | undefined): void {
    this.#lastError = error;
    if (retrier !== undefined) this.#seen.retryIndex = retrier;
    if (delayMs === undefined) return;
    this.#seen.retryDelayMs = delayMs;
    throw new RetryDue(error);
  }

  onCatch(catcher: number): void {
    this.#seen.catchIndex = catcher;
    this.#caught = this.#lastError;
  }

  onMap(maxConcurrency: number, inputs: readonly Json[] | undefined): void {
    this.#seen.maxConcurrency = maxConcurrency;
    if (inputs !== undefined) this.#seen.iterationInputs = inputs;
  }

  innerResult(): Json[] {
    const result = this.#mocked();
    if (Array.isArray(result)) return result;
    throw new Error('The mocked result of a Map or Parallel state is an array; the API checks it.');
  }

  readonly runTask: TaskRunner = async (call) => {
    this.#seen.arguments = call.arguments;
    const result = this.#test.mock === undefined ? await this.#test.runTask(call) : this.#mocked();
    this.#seen.result = result;
    return result;
  };

  ended({ output, next }: StateResult, scope: VariableScope): StateTestResult {
    return {
      status: this.#caught === undefined ? 'SUCCEEDED' : 'CAUGHT_ERROR',
      output,
      ...(next === undefined ? {} : { next }),
      ...(this.#caught === undefined ? {} : namesOf(this.#caught)),
      inspection: this.#inspection(scope),
    };
  }

  failed(error: StateError, scope: VariableScope): StateTestResult {
    return { status: 'FAILED', ...namesOf(error), inspection: this.#inspection(scope) };
  }

  #mocked(): Json {
    const { mock } = this.#test;
    if (mock === undefined) throw new Error('A Map or Parallel state is tested with a mock; the API checks it.');
    if (mock.kind === 'error') throw new StateError(mock.error, mock.cause);
    return mock.result;
  }

  #inspection({ visible }: VariableScope): Inspection {
    return { ...this.#seen, variables: visible };
  }
}

function runOf(test: StateTest, watch: StateWatch): Run {
  const { clock, random, region, execution, stateMachine } = test;
  return {
    clock,
    random,
    region,
    execution,
    stateMachine,
    expressionBounds: test.expressionBounds ?? AWS_EXPRESSION_BOUNDS,
    runTask: watch.runTask,
    log: new HistoryLog({ executionArn: '', clock, level: 'OFF' }),
    variables: { bytes: 0 },
    recordedFailures: new WeakSet(),
    probe: watch,
  };
}

function namesOf(error: StateError): { error?: string; cause?: string } {
  return {
    ...(error.error === undefined ? {} : { error: error.error }),
    ...(error.causeText === undefined ? {} : { cause: error.causeText }),
  };
}
