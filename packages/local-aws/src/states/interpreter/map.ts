import { setMaxListeners } from 'node:events';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { MapState } from '../definition/definition.ts';
import { dataLimitExceeded, StateError, Stopped } from '../errors.ts';
import { evaluateTemplate, type Template, unexpectedType } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { withErrorHandling } from './error-handling.ts';
import { exitState } from './exit-state.ts';
import type { StateExecution } from './state-execution.ts';
import type { RunGraph, StateProbe, StateResult, Thread } from './thread.ts';
import { VariableScope } from './variables.ts';

/** Maximum number of concurrent iterations of an inline Map, whatever MaxConcurrency says. */
const MAX_CONCURRENT_ITERATIONS = 40;

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html} */
export function runMapState(stateExecution: StateExecution<MapState>, runGraph: RunGraph): Promise<StateResult> {
  return withErrorHandling(
    stateExecution,
    async () => {
      const items = await readItems(stateExecution);
      const maxConcurrency = await readMaxConcurrency(stateExecution);
      stateExecution.record('MapStateStarted', { facts: { length: items.length } });
      const { probe } = stateExecution.thread.run;
      const result = probe
        ? await mockIterations(stateExecution, items, maxConcurrency, probe)
        : await new Iterations(stateExecution, items, runGraph).run(countLanes(maxConcurrency));
      if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(stateExecution.state.name);
      stateExecution.recordAside('MapStateSucceeded');
      return exitState(stateExecution, stateExecution.state.exit, { result }, result);
    },
    () => stateExecution.record('MapStateFailed'),
  );
}

interface Item {
  key: string | undefined;
  value: Json;
}

const THE_INPUT: Template = { kind: 'constant', value: null };

/** The items of an array, or the members of an object with their keys. */
async function readItems(stateExecution: StateExecution<MapState>): Promise<Item[]> {
  const { items } = stateExecution.state;
  const evaluator = stateExecution.evaluator();
  const value = items === undefined ? stateExecution.input : await evaluateTemplate(items, evaluator);
  if (jsonBytes(value) > PAYLOAD_BYTES) throw dataLimitExceeded(stateExecution.state.name);
  if (Array.isArray(value)) return value.map((item) => ({ key: undefined, value: item }));
  if (isJsonObject(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item ?? null }));
  throw unexpectedType(evaluator, items ?? THE_INPUT, 'Items', 'array', value);
}

/** 0 is the maximum, as without the field. */
async function readMaxConcurrency(stateExecution: StateExecution<MapState>): Promise<number> {
  const { maxConcurrency } = stateExecution.state;
  if (maxConcurrency === undefined) return 0;
  return stateExecution.integer(maxConcurrency, 'MaxConcurrency', stateExecution.evaluator());
}

function countLanes(maxConcurrency: number): number {
  return maxConcurrency === 0 ? MAX_CONCURRENT_ITERATIONS : Math.min(maxConcurrency, MAX_CONCURRENT_ITERATIONS);
}

/** Evaluates the inputs of all iterations and takes their result from the probe. */
async function mockIterations(
  stateExecution: StateExecution<MapState>,
  items: readonly Item[],
  maxConcurrency: number,
  probe: StateProbe,
): Promise<Json[]> {
  const inputs: Json[] = [];
  for (const [index, item] of items.entries()) {
    inputs.push(await iterationInput(stateExecution, item, mapContext(item, index)));
  }
  probe.onMap(maxConcurrency, stateExecution.state.itemSelector === undefined ? undefined : inputs);
  return probe.innerResult();
}

async function iterationInput(stateExecution: StateExecution<MapState>, item: Item, map: JsonObject): Promise<Json> {
  const { itemSelector } = stateExecution.state;
  return itemSelector === undefined ? item.value : evaluateTemplate(itemSelector, stateExecution.evaluator({}, map));
}

/**
 * The iterations of one attempt. Each lane runs one iteration at a time and takes the next item when it is free. The
 * first failure stops all lanes.
 */
class Iterations {
  readonly #stateExecution: StateExecution<MapState>;
  readonly #items: readonly Item[];
  readonly #runGraph: RunGraph;
  readonly #stop = new AbortController();
  readonly #results: Json[];
  #next = 0;
  #failure: { error: unknown; lastEventId: number } | undefined;
  #lastEventId: number;

  constructor(stateExecution: StateExecution<MapState>, items: readonly Item[], runGraph: RunGraph) {
    this.#stateExecution = stateExecution;
    this.#items = items;
    this.#runGraph = runGraph;
    this.#results = new Array<Json>(items.length).fill(null);
    this.#lastEventId = stateExecution.thread.lastEventId;
  }

  async run(lanes: number): Promise<Json[]> {
    const outer = this.#stateExecution.thread.signal;
    const stop = () => this.#stop.abort();
    if (outer.aborted) stop();
    outer.addEventListener('abort', stop, { once: true });
    setMaxListeners(0, this.#stop.signal);
    try {
      await Promise.all(Array.from({ length: Math.min(lanes, this.#items.length) }, () => this.#lane()));
    } finally {
      outer.removeEventListener('abort', stop);
    }
    if (outer.aborted) throw new Stopped();
    this.#stateExecution.thread.lastEventId = this.#failure?.lastEventId ?? this.#lastEventId;
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#results;
  }

  /** Chains the events of its iterations; the first event follows MapStateStarted. */
  async #lane(): Promise<void> {
    let lastEventId = this.#stateExecution.thread.lastEventId;
    for (let index = this.#next++; index < this.#items.length && !this.#stop.signal.aborted; index = this.#next++) {
      const item = this.#items[index];
      if (item === undefined) return;
      lastEventId = await this.#iterate(item, index, lastEventId);
    }
  }

  async #iterate(item: Item, index: number, previousId: number): Promise<number> {
    const { thread, state } = this.#stateExecution;
    const { log } = thread.run;
    const facts = { index, name: state.name };
    const map = mapContext(item, index);
    const scope = new VariableScope(thread.run.variables, thread.scope);
    const inner: Thread = { run: thread.run, signal: this.#stop.signal, scope, map, lastEventId: previousId };
    inner.lastEventId = log.record('MapIterationStarted', previousId, { facts });
    try {
      this.#results[index] = await this.#runGraph(
        inner,
        state.processor,
        await iterationInput(this.#stateExecution, item, map),
      );
      this.#lastEventId = log.record('MapIterationSucceeded', inner.lastEventId, { facts });
    } catch (error) {
      this.#fail(error, inner, facts);
    } finally {
      scope.end();
    }
    return inner.lastEventId;
  }

  #fail(error: unknown, inner: Thread, facts: JsonObject): void {
    const { log } = inner.run;
    if (this.#failure !== undefined) {
      log.record('MapIterationAborted', this.#failure.lastEventId, { facts });
      return;
    }
    if (error instanceof StateError) log.record('MapIterationFailed', inner.lastEventId, { facts });
    this.#failure = { error, lastEventId: inner.lastEventId };
    this.#stop.abort();
  }
}

function mapContext(item: Item, index: number): JsonObject {
  const key = item.key === undefined ? {} : { Key: item.key };
  return { Item: { Index: index, ...key, Value: item.value, Source: 'STATE_DATA' } };
}
