/**
 * Bytes of values as AWS's engine seems to count them, with a limit of 10 MiB for all that one evaluation makes. A
 * reporter measured with TestState, in floci-io/floci#2737, #2783, #2790:
 *
 * - `[1..873782] ~> $count()` evaluates, one item more does not: 12 bytes an item, and 365 to 376 for the rest.
 * - A string of 2^22 characters, doubled from one, evaluates, one of 2^23 does not: one byte a character of Latin-1.
 * - `$range(1, 360145, 1)` evaluates, one item more does not. See {@link grownArrayBytes}.
 * - `$sum($map([1..200000], function($v){$v * 2}))` evaluates: at most 4 bytes for each node that is evaluated.
 *
 * Within these, the figures are chosen as high as they can be together.
 */
const ITEM_BYTES = 12;
const NUMBER_BYTES = 16;
const NODE_BYTES = 4;
const ARRAY_BYTES = 24;
const OBJECT_BYTES = 24;
const STRING_BYTES = 24;
/** What every evaluation takes. */
const BASE_BYTES = 312;

/** The frames of variables of the library, as far as the meter needs them. */
export interface MeteredFrame {
  /** Set by the library for all but the first member of an array or object. */
  isParallelCall: boolean;
}

/** The nodes of the library's syntax tree, as far as the meter needs them. */
interface MeteredNode {
  readonly type: string;
}

/** How deep an evaluation went, by each way of counting that an engine might use. */
export interface Depths {
  /** Nested evaluations of nodes. */
  readonly nested: number;
  /**
   * The same, if all members of an array or object are evaluated at once, as the library's `Promise.all` does: each
   * member counts with its deepest point. Never less than the library's own asynchronous hooks count.
   */
  readonly concurrent: number;
  /**
   * As the `Timebox` of com.dashjoin:jsonata 0.9.10 counts: it skips all but the first member of an array or object, at
   * entry and exit, and loses the exit of a node whose frame was left in that state.
   */
  readonly leaking: number;
}

/** What an evaluation made in memory, by each way of counting that an engine might use. */
export interface Bytes {
  /** Values, and the evaluation of each node: the strictest reading of what is known. */
  readonly nodesAndValues: number;
  /** All values: numbers, strings, and arrays and objects with a reference for each member. */
  readonly values: number;
}

/** Functions of the library whose result is one of their arguments, or what a function that they called returned. */
const PASSING = new Set(['foldLeft', 'lookup', 'single', 'transformer', 'range']);
/** Functions of the library whose result holds more new values than its members. */
const NESTING = new Set(['match', 'zip', 'partition', 'split', 'spread', 'parse', 'functionClone']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: all characters of Latin-1.
const beyondLatin1 = /[^\u0000-\u00ff]/;

/**
 * Counts what one evaluation of the synchronous library does. The library calls it at each node; see
 * `quick-library.ts`. Evaluations do not overlap, since nothing in them waits.
 */
class Meter {
  #nested = 0;
  #deepestNested = 0;
  #deepestConcurrent = 0;
  #leaking = 0;
  #deepestLeaking = 0;
  #nodes = 0;
  #valueBytes = 0;
  /** Nodes that are being evaluated, if members are evaluated at once. */
  #live = 0;
  /** The highest number of them since the innermost array or object began. */
  #peak = 0;
  /** Both as they were when each of the arrays and objects around began. */
  readonly #outer: [live: number, peak: number][] = [];

  /** Starts to count from zero. */
  reset(): void {
    this.#nested = this.#deepestNested = this.#deepestConcurrent = this.#leaking = this.#deepestLeaking = 0;
    this.#nodes = this.#valueBytes = this.#live = this.#peak = this.#outer.length = 0;
  }

  get depths(): Depths {
    return { nested: this.#deepestNested, concurrent: this.#deepestConcurrent, leaking: this.#deepestLeaking };
  }

  get bytes(): Bytes {
    return { nodesAndValues: BASE_BYTES + this.#nodes * NODE_BYTES + this.#valueBytes, values: this.#valueBytes };
  }

  /** The evaluation of a node begins. */
  enter(frame: MeteredFrame): void {
    this.#nodes += 1;
    this.#nested += 1;
    if (this.#nested > this.#deepestNested) this.#deepestNested = this.#nested;
    this.#live += 1;
    if (this.#live > this.#peak) this.#peak = this.#live;
    if (this.#live > this.#deepestConcurrent) this.#deepestConcurrent = this.#live;
    if (frame.isParallelCall) return;
    this.#leaking += 1;
    if (this.#leaking > this.#deepestLeaking) this.#deepestLeaking = this.#leaking;
  }

  /** The evaluation of a node ends. */
  leave(node: MeteredNode, frame: MeteredFrame, result: unknown): void {
    this.#nested -= 1;
    this.#live -= 1;
    if (!frame.isParallelCall) this.#leaking -= 1;
    switch (node.type) {
      case 'binary':
        // An array is a range. It becomes the members of the array that it stands in.
        if (!Array.isArray(result)) this.made(result);
        break;
      case 'unary':
      case 'wildcard':
      case 'descendant':
        // An object was counted when its members were known.
        if (typeof result === 'number' || Array.isArray(result)) this.made(result);
    }
  }

  /** The evaluation of a member of an array or object begins. */
  member(frame: MeteredFrame, index: number): void {
    frame.isParallelCall = index > 0;
    // Members before this one are still there with their deepest point.
    if (index > 0) this.#live = this.#peak;
    else {
      this.#outer.push([this.#live, this.#peak]);
      this.#peak = this.#live;
    }
  }

  /** All members of an array or object are evaluated. */
  membersDone(members: number): void {
    const outer = members === 0 ? undefined : this.#outer.pop();
    if (outer === undefined) return;
    this.#live = outer[0];
    this.#peak = Math.max(this.#peak, outer[1]);
  }

  /** The library made a sequence: the result of a step, a predicate or a sort. Returns it. */
  sequence<T extends readonly unknown[] | undefined>(items: T): T {
    if (items !== undefined) this.#valueBytes += ARRAY_BYTES + items.length * ITEM_BYTES;
    return items;
  }

  /** A list grew to `items` numbers, one by one. */
  grown(items: number): void {
    this.#valueBytes += grownArrayBytes(items);
  }

  /** A built-in function returned. `name` is that of its implementation. */
  returned(name: string, result: unknown): void {
    if (PASSING.has(name)) return;
    if (NESTING.has(name)) this.#madeDeep(result);
    else this.made(result);
  }

  /** A new value. Its members exist already. */
  made(value: unknown): void {
    if (typeof value === 'string') this.#valueBytes += stringBytes(value);
    else if (Array.isArray(value)) this.#valueBytes += ARRAY_BYTES + value.length * ITEM_BYTES;
    else if (typeof value === 'object' && value !== null) this.#valueBytes += objectBytes(value);
    else if (value !== undefined) this.#valueBytes += NUMBER_BYTES;
  }

  #madeDeep(value: unknown): void {
    this.made(value);
    if (typeof value !== 'object' || value === null) return;
    for (const member of Object.values(value)) this.#madeDeep(member);
  }
}

/** Counts what the evaluation that runs does: at most one runs at a time. */
export const meter = new Meter();

/** A byte a character, or two if one is beyond Latin-1: as strings of Java. */
function stringBytes(text: string): number {
  return STRING_BYTES + text.length * (beyondLatin1.test(text) ? 2 : 1);
}

function objectBytes(object: object): number {
  let bytes = OBJECT_BYTES;
  for (const key of Object.keys(object)) bytes += ITEM_BYTES + key.length;
  return bytes;
}

/**
 * An array of Java that grows by half when it is full, with references of 4 bytes: explains that AWS refuses
 * `$range(1, 360146, 1)`, where the array grows from 360,145 items.
 */
function grownArrayBytes(items: number): number {
  let bytes = items * NUMBER_BYTES;
  for (let capacity = 10; ; capacity += capacity >> 1) {
    bytes += capacity * 4;
    if (capacity >= items) return bytes;
  }
}
