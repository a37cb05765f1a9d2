import { BoundExceeded, type ExpressionBounds } from './bounds.ts';

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

/** Units of work between two looks at the time. A node is one unit, and takes some 100 ns. */
const CHECKED_UNITS = 10_000;
/** As a power of two: items that are copied, or characters that are read, in the time of one unit. */
const ITEMS_PER_UNIT_LOG2 = 4;

/** The frames of variables of the library, as far as the meter needs them. */
export interface MeteredFrame {
  /** Set by the library for all but the first member of an array or object. */
  isParallelCall: boolean;
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

/** What an evaluation may take, and what looks at the time. */
export interface Budget extends Pick<ExpressionBounds, 'depth' | 'memoryBytes'> {
  /** The longest array, and a 16th of the longest string, that a built-in function may get. */
  readonly callItems: number;
  /** Called when a built-in function would get more. Must throw. */
  refuseCall(): never;
  /** Called after each {@link CHECKED_UNITS}. Throws when the evaluation has to end. */
  checkTime(): void;
}

/**
 * What a built-in function makes: nothing but what it got or what a function that it called returned, a value with
 * members that exist, an array of such arrays, or a value with new members.
 */
export type Making = 'nothing' | 'value' | 'arrays' | 'tree';

const MAKING: ReadonlyMap<string, Making> = new Map([
  ...['foldLeft', 'lookup', 'single', 'transformer', 'range'].map((name) => [name, 'nothing'] as const),
  ['partition', 'arrays'],
  ...['match', 'split', 'spread', 'parse', 'functionClone'].map((name) => [name, 'tree'] as const),
]);

/** What the built-in function with an implementation of this name makes. */
export function makingOf(name: string): Making {
  return MAKING.get(name) ?? 'value';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all characters of Latin-1.
const beyondLatin1 = /[^\u0000-\u00ff]/;

/**
 * Counts what one evaluation of the synchronous library does, and ends it at the bounds of its {@link Budget}. The
 * library calls it at each node, and wherever one call could take long or much: see `quick-library.ts`. Evaluations do
 * not overlap, since nothing in them waits.
 */
class Meter {
  #budget: Budget | undefined;
  #depthLimit = Number.POSITIVE_INFINITY;
  #memoryLimit = Number.POSITIVE_INFINITY;
  #callItems = Number.POSITIVE_INFINITY;
  #nodes = 0;
  #valueBytes = 0;
  /** Nodes after which the time is looked at, less by the work that no node stands for. */
  #checkAt = CHECKED_UNITS;
  #nested = 0;
  #deepestNested = 0;
  #deepestConcurrent = 0;
  #leaking = 0;
  #deepestLeaking = 0;
  /** Nodes that are being evaluated, if members are evaluated at once. */
  #live = 0;
  /** The highest number of them since the innermost array or object began. */
  #peak = 0;
  /** Both as they were when each of the arrays and objects around began. */
  readonly #outer: [live: number, peak: number][] = [];
  /** Characters of the JSON text that is being written. */
  #written = 0;

  /** Runs an evaluation. Throws {@link BoundExceeded}, and what the evaluation and the budget throw. */
  run<T>(budget: Budget | undefined, evaluate: () => T): T {
    this.#budget = budget;
    this.#depthLimit = budget?.depth ?? Number.POSITIVE_INFINITY;
    this.#memoryLimit = budget?.memoryBytes ?? Number.POSITIVE_INFINITY;
    this.#callItems = budget?.callItems ?? Number.POSITIVE_INFINITY;
    this.#nodes = this.#valueBytes = this.#live = this.#peak = this.#outer.length = 0;
    this.#nested = this.#deepestNested = this.#deepestConcurrent = this.#leaking = this.#deepestLeaking = 0;
    this.#checkAt = CHECKED_UNITS;
    const value = evaluate();
    this.#checkMemory();
    return value;
  }

  get depths(): Depths {
    return { nested: this.#deepestNested, concurrent: this.#deepestConcurrent, leaking: this.#deepestLeaking };
  }

  get bytes(): Bytes {
    return { nodesAndValues: this.#usedBytes(), values: this.#valueBytes };
  }

  /** The evaluation of a node begins. */
  enter(frame: MeteredFrame): void {
    this.#nodes += 1;
    if (this.#nodes > this.#checkAt) this.#check();
    this.#nested += 1;
    if (this.#nested > this.#deepestNested) this.#deepestNested = this.#nested;
    this.#live += 1;
    if (this.#live > this.#peak) this.#climb();
    if (frame.isParallelCall) return;
    this.#leaking += 1;
    if (this.#leaking > this.#deepestLeaking) this.#leak();
  }

  /** The evaluation of a node ends. */
  leave(frame: MeteredFrame): void {
    this.#nested -= 1;
    this.#live -= 1;
    if (!frame.isParallelCall) this.#leaking -= 1;
  }

  /** A node is evaluated that evaluates no other: as {@link enter} and {@link leave}. */
  leaf(frame: MeteredFrame): void {
    if (
      this.#nodes < this.#checkAt &&
      this.#nested < this.#deepestNested &&
      this.#live < this.#peak &&
      (frame.isParallelCall || this.#leaking < this.#deepestLeaking)
    ) {
      // No check is due, and nothing is deeper than before.
      this.#nodes += 1;
      return;
    }
    this.enter(frame);
    this.leave(frame);
  }

  /** An operator with two sides gave a result. Returns it. */
  binary(result: unknown): unknown {
    // An array is a range. It becomes the members of the array that it stands in.
    if (!Array.isArray(result)) this.made(result);
    return result;
  }

  /** An operator with one side, or a wildcard, gave a result. Returns it. */
  unary(result: unknown): unknown {
    // An object was counted when its members were known.
    if (typeof result === 'number' || Array.isArray(result)) this.made(result);
    return result;
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
    if (items !== undefined) this.items(items.length);
    return items;
  }

  /** The same for a sequence of so many items. */
  items(count: number): void {
    this.#add(ARRAY_BYTES + count * ITEM_BYTES);
  }

  /** A list grows to `items` numbers, one by one. Called before it does. */
  grow(items: number): void {
    this.#add(grownArrayBytes(items));
  }

  /** A built-in function is about to be called. */
  calling(args: readonly unknown[]): void {
    for (let index = 0; index < args.length; index += 1) {
      const argument = args[index];
      const items =
        typeof argument === 'string'
          ? argument.length >> ITEMS_PER_UNIT_LOG2
          : Array.isArray(argument)
            ? argument.length
            : 0;
      if (items > this.#callItems) this.#budget?.refuseCall();
    }
    this.work(1);
  }

  /** A built-in function returned. */
  returned(making: Making, result: unknown): void {
    if (making === 'value') this.made(result);
    else if (making === 'tree') this.#madeDeep(result);
    else if (making === 'arrays' && Array.isArray(result)) {
      this.made(result);
      for (const items of result) this.made(items);
    }
  }

  /** A new value. Its members exist already. */
  made(value: unknown): void {
    if (typeof value === 'string') {
      this.mayHoldCharacters(value.length);
      this.#add(stringBytes(value));
    } else if (Array.isArray(value)) this.#add(ARRAY_BYTES + value.length * ITEM_BYTES);
    else if (typeof value === 'object' && value !== null) this.#add(objectBytes(value));
    else if (value !== undefined) this.#add(NUMBER_BYTES);
  }

  /** A new object with so many members, whose names have so many characters together. */
  members(count: number, characters: number): void {
    this.#add(OBJECT_BYTES + count * ITEM_BYTES + characters);
  }

  /** Work that no node stands for: steps of a loop in the library. */
  work(units: number): void {
    this.#checkAt -= units;
    if (this.#nodes > this.#checkAt) this.#check();
  }

  /** Items of arrays are about to be copied. */
  copying(items: number): void {
    this.work(items >> ITEMS_PER_UNIT_LOG2);
  }

  /** A list is about to hold so many items. Nothing is counted: that is done when it is complete. */
  mayHoldItems(items: number): void {
    if (this.#usedBytes() + items * ITEM_BYTES > this.#memoryLimit) throw new BoundExceeded('memoryBytes');
    this.work(1);
  }

  /** A string is about to have so many characters. Nothing is counted. */
  mayHoldCharacters(characters: number): void {
    if (this.#usedBytes() + characters > this.#memoryLimit) throw new BoundExceeded('memoryBytes');
    this.work(1);
  }

  /** A JSON text begins. */
  writes(): void {
    this.#written = 0;
  }

  /** A member of a JSON text is about to be written. A value that occurs several times is written several times. */
  writing(key: string, value: unknown): void {
    this.#written += key.length + (typeof value === 'string' ? value.length : 1);
    this.mayHoldCharacters(this.#written);
  }

  #climb(): void {
    this.#peak = this.#live;
    this.#deepestConcurrent = Math.max(this.#deepestConcurrent, this.#live);
    if (this.#live > this.#depthLimit) throw new BoundExceeded('depth');
  }

  #leak(): void {
    this.#deepestLeaking = this.#leaking;
    if (this.#leaking > this.#depthLimit) throw new BoundExceeded('depth');
  }

  #usedBytes(): number {
    return BASE_BYTES + this.#nodes * NODE_BYTES + this.#valueBytes;
  }

  #add(bytes: number): void {
    this.#valueBytes += bytes;
    if (this.#valueBytes > this.#memoryLimit) throw new BoundExceeded('memoryBytes');
  }

  #check(): void {
    this.#checkAt = this.#nodes + CHECKED_UNITS;
    this.#checkMemory();
    this.#budget?.checkTime();
  }

  #checkMemory(): void {
    if (this.#usedBytes() > this.#memoryLimit) throw new BoundExceeded('memoryBytes');
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
  for (let capacity = 10; ; capacity += Math.floor(capacity / 2)) {
    bytes += capacity * 4;
    if (capacity >= items) return bytes;
  }
}
