import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { State } from '../definition/definition.ts';
import type { StateError } from '../errors.ts';
import type { EventDetails, EventType } from '../history/log-event.ts';
import type { Bindings } from '../jsonata/evaluation.ts';
import { type Evaluator, evaluateTemplate, type Template, unexpectedType } from '../jsonata/template.ts';
import { toTimestamp } from '../timestamp.ts';
import type { StateVisit, Thread } from './thread.ts';

/** What `$states` holds beside input and context: the result of a success, or the error of a failure. */
export interface StateOutcome {
  result?: Json;
  errorOutput?: Json;
}

/** One execution of a state by a thread, from entry to exit, including all retries. */
export class StateExecution<S extends State = State> {
  readonly thread: Thread;
  readonly state: S;
  readonly input: Json;
  readonly enteredEventId: number;
  readonly #eventIdBefore: number;
  readonly #enteredTime: string;
  #retryCount = 0;
  #context: JsonObject | undefined;

  constructor(thread: Thread, state: S, input: Json) {
    this.thread = thread;
    this.state = state;
    this.input = input;
    this.#eventIdBefore = thread.lastEventId;
    this.#enteredTime = toTimestamp(thread.run.clock.now());
    this.enteredEventId = this.record(`${state.type}StateEntered`, { facts: { name: state.name }, input });
  }

  /** Records an event after the thread's latest event, and makes it the latest. Returns its id. */
  record(type: EventType, details?: EventDetails): number {
    this.thread.lastEventId = this.thread.run.log.record(type, this.thread.lastEventId, details);
    return this.thread.lastEventId;
  }

  /** Records an event after the thread's latest event, which stays the latest, as on AWS. Returns its id. */
  recordAside(type: EventType, details?: EventDetails): number {
    return this.thread.run.log.record(type, this.thread.lastEventId, details);
  }

  /** Records an evaluation that failed in this state, once. Errors of other states are ignored. */
  recordEvaluationFailure(error: StateError): void {
    const { run } = this.thread;
    if (error.place === undefined || error.place.state !== this.state.name || run.recordedFailures.has(error)) return;
    run.recordedFailures.add(error);
    const previous = error.place.beforeState ? this.#eventIdBefore : this.thread.lastEventId;
    const facts = { ...errorFacts(error), location: error.place.location, state: error.place.state };
    this.thread.lastEventId = run.log.record('EvaluationFailed', previous, { facts });
  }

  /** Tells the run of the visit. Call it before the state assigns variables. */
  reportVisit(outcome: StateOutcome, end: Pick<StateVisit, 'next' | 'error'>): void {
    const { run, scope } = this.thread;
    run.onVisit?.({ state: this.state, input: this.input, variables: scope.visible, ...outcome, ...end });
  }

  /** Counts a retry for `$states.context.State.RetryCount`. */
  retried(): void {
    this.#retryCount += 1;
    this.#context = undefined;
  }

  /** The current variables and `$states`, for templates. `map` is `$states.context.Map`. */
  evaluator(outcome: StateOutcome = {}, map: JsonObject | undefined = this.thread.map): Evaluator {
    const { run, scope } = this.thread;
    const bindings: Bindings = Object.create(scope.bindings);
    bindings.states = { input: this.input, context: this.#contextWith(map), ...outcome };
    return {
      ...this.where,
      bindings,
      environment: {
        nowMs: run.clock.now(),
        random: run.random,
        signal: this.thread.signal,
        bounds: run.expressionBounds,
      },
      isAtStart: this.thread.lastEventId === this.enteredEventId,
    };
  }

  /** What causes say about the place. AWS names no place for a state that is tested on its own. */
  get where(): Pick<Evaluator, 'state' | 'enteredEventId'> {
    const { run } = this.thread;
    return { state: this.state.name, enteredEventId: run.probe === undefined ? this.enteredEventId : undefined };
  }

  /** Evaluates a field whose value must be an integer of at least 0. */
  async integer(template: Template, location: string, evaluator: Evaluator): Promise<number> {
    const value = await evaluateTemplate(template, evaluator);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw unexpectedType(evaluator, template, location, 'integer', value);
  }

  /** Evaluates a field whose value must be a string. */
  async text(template: Template, location: string, evaluator: Evaluator): Promise<string> {
    const value = await evaluateTemplate(template, evaluator);
    if (typeof value === 'string') return value;
    throw unexpectedType(evaluator, template, location, 'string', value);
  }

  #contextWith(map: JsonObject | undefined): JsonObject {
    if (map === this.thread.map && this.#context !== undefined) return this.#context;
    const { run } = this.thread;
    // Recorded on AWS by others (LocalStack's public snapshots): states that cannot be retried have no RetryCount.
    const retries = 'retry' in this.state ? { RetryCount: this.#retryCount } : {};
    const context: JsonObject = {
      ...(run.probe?.context ?? {
        Execution: run.execution,
        StateMachine: run.stateMachine,
        State: { Name: this.state.name, EnteredTime: this.#enteredTime, ...retries },
      }),
      ...(map === undefined ? {} : { Map: map }),
    };
    if (map === this.thread.map) this.#context = context;
    return context;
  }
}

/** `error` and `cause` of an event; a failure may have neither. */
export function errorFacts(error: StateError): JsonObject {
  return {
    ...(error.causeText === undefined ? {} : { cause: error.causeText }),
    ...(error.error === undefined ? {} : { error: error.error }),
  };
}
