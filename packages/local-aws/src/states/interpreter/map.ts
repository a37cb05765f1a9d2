import { setMaxListeners } from 'node:events';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { MapState } from '../definition/definition.ts';
import { dataLimitExceeded, StateError, Stopped } from '../errors.ts';
import { evaluateTemplate, type Template, unexpectedType } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { withErrorHandling } from './error-handling.ts';
import { leave } from './leave.ts';
import type { RunGraph } from './run-graph.ts';
import type { Left, Thread } from './thread.ts';
import { VariableScope } from './variables.ts';
import type { Visit } from './visit.ts';

/** How many iterations of an inline Map run at once at most, whatever MaxConcurrency says. */
const MOST_ITERATIONS = 40;

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html} */
export function runMapState(visit: Visit<MapState>, runGraph: RunGraph): Promise<Left> {
  return withErrorHandling(
    visit,
    async () => {
      const items = await readItems(visit);
      const lanes = await countLanes(visit);
      visit.record('MapStateStarted', { facts: { length: items.length } });
      const result = await new Iterations(visit, items, runGraph).run(lanes);
      if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(visit.state.name);
      visit.recordAside('MapStateSucceeded');
      return leave(visit, visit.state.exit, { result }, result);
    },
    () => visit.record('MapStateFailed'),
  );
}

interface Item {
  key: string | undefined;
  value: Json;
}

const THE_INPUT: Template = { kind: 'constant', value: null };

/** An array, or an object whose members are iterated with their keys. */
async function readItems(visit: Visit<MapState>): Promise<Item[]> {
  const { items } = visit.state;
  const evaluator = visit.evaluator();
  const value = items === undefined ? visit.input : await evaluateTemplate(items, evaluator);
  if (Array.isArray(value)) return value.map((item) => ({ key: undefined, value: item }));
  if (isJsonObject(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item ?? null }));
  throw unexpectedType(evaluator, items ?? THE_INPUT, 'Items', 'array', value);
}

async function countLanes(visit: Visit<MapState>): Promise<number> {
  const { maxConcurrency } = visit.state;
  const asked =
    maxConcurrency === undefined ? 0 : await visit.integer(maxConcurrency, 'MaxConcurrency', visit.evaluator());
  return asked === 0 ? MOST_ITERATIONS : Math.min(asked, MOST_ITERATIONS);
}

/**
 * The iterations of one attempt, done by lanes that each take the next item when they are free. The first failure stops
 * all of them.
 */
class Iterations {
  readonly #visit: Visit<MapState>;
  readonly #items: readonly Item[];
  readonly #runGraph: RunGraph;
  readonly #stop = new AbortController();
  readonly #results: Json[];
  #next = 0;
  #failure: { error: unknown; lastEventId: number } | undefined;
  #lastEventId: number;

  constructor(visit: Visit<MapState>, items: readonly Item[], runGraph: RunGraph) {
    this.#visit = visit;
    this.#items = items;
    this.#runGraph = runGraph;
    this.#results = new Array<Json>(items.length).fill(null);
    this.#lastEventId = visit.thread.lastEventId;
  }

  async run(lanes: number): Promise<Json[]> {
    const outer = this.#visit.thread.signal;
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
    this.#visit.thread.lastEventId = this.#failure?.lastEventId ?? this.#lastEventId;
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#results;
  }

  /** Its events follow each other; the first one follows MapStateStarted. */
  async #lane(): Promise<void> {
    let lastEventId = this.#visit.thread.lastEventId;
    for (let index = this.#next++; index < this.#items.length && !this.#stop.signal.aborted; index = this.#next++) {
      const item = this.#items[index];
      if (item === undefined) return;
      lastEventId = await this.#iterate(item, index, lastEventId);
    }
  }

  async #iterate(item: Item, index: number, previousId: number): Promise<number> {
    const { thread, state } = this.#visit;
    const { log } = thread.run;
    const facts = { index, name: state.name };
    const map = mapContext(item, index);
    const scope = new VariableScope(thread.run.variables, thread.scope);
    const inner: Thread = { run: thread.run, signal: this.#stop.signal, scope, map, lastEventId: previousId };
    inner.lastEventId = log.record('MapIterationStarted', previousId, { facts });
    try {
      this.#results[index] = await this.#runGraph(inner, state.processor, await this.#inputOf(item, map));
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

  async #inputOf(item: Item, map: JsonObject): Promise<Json> {
    const { itemSelector } = this.#visit.state;
    return itemSelector === undefined ? item.value : evaluateTemplate(itemSelector, this.#visit.evaluator({}, map));
  }
}

function mapContext(item: Item, index: number): JsonObject {
  const key = item.key === undefined ? {} : { Key: item.key };
  return { Item: { Index: index, ...key, Value: item.value, Source: 'STATE_DATA' } };
}
