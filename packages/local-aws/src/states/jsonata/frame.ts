import type { MeteredFrame } from './meter.ts';

/** Bindings of a frame beyond which a map finds one sooner than a walk does. */
const WALKED_BINDINGS = 8;

interface Binding {
  readonly name: string;
  value: unknown;
  readonly next: Binding | undefined;
}

let frames = 0;

/**
 * The variables of a block, a call or an evaluation, in the place of the library's frames. Those make two functions and
 * a dictionary each; most hold one or two variables. Any name is a variable here, also `__proto__` and
 * `hasOwnProperty`, which the library's frames stumble over.
 */
export class Frame implements MeteredFrame {
  isParallelCall = false;
  // Expressions can see what is not private, in functions.
  readonly #number = frames++ | 0;
  readonly #root: Frame;
  readonly #given: Readonly<Record<string, unknown>> | undefined;
  readonly #enclosing: Frame | undefined;
  #first: Binding | undefined = undefined;
  #count = 0;
  #map: Map<string, unknown> | undefined = undefined;
  #timestamp: unknown = null;

  /**
   * `enclosing`: none for the built-in functions, and for a function that was applied in part. `given`: for a new
   * evaluation, the variables from outside, with those of outer scopes in the prototype chain.
   */
  constructor(enclosing: Frame | null | undefined, given?: Readonly<Record<string, unknown>>) {
    this.#enclosing = enclosing ?? undefined;
    this.#given = given;
    this.#root = given === undefined && this.#enclosing !== undefined ? this.#enclosing.#root : this;
  }

  /** The frame of the evaluation that this one belongs to. Itself, if it is that, or one around all evaluations. */
  get root(): Frame {
    return this.#root;
  }

  /** Another for each frame. */
  get number(): number {
    return this.#number;
  }

  /** The time of the evaluation, which the library's functions of time read. */
  get timestamp(): unknown {
    return this.#root.#timestamp;
  }

  set timestamp(time: unknown) {
    this.#root.#timestamp = time;
  }

  bind(name: string, value: unknown): void {
    if (this.#map !== undefined) {
      this.#map.set(name, value);
      return;
    }
    for (let binding = this.#first; binding !== undefined; binding = binding.next) {
      if (binding.name === name) {
        binding.value = value;
        return;
      }
    }
    this.#first = { name, value, next: this.#first };
    this.#count += 1;
    if (this.#count > WALKED_BINDINGS) this.#index();
  }

  /** The value of the innermost variable of that name. Undefined if there is none. */
  lookup(name: string): unknown {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.#enclosing) {
      const map = frame.#map;
      if (map === undefined) {
        for (let binding = frame.#first; binding !== undefined; binding = binding.next)
          if (binding.name === name) return binding.value;
      } else {
        const value = map.get(name);
        if (value !== undefined || map.has(name)) return value;
      }
      if (frame.#given !== undefined && isEnumerable(frame.#given, name)) {
        const value = frame.#given[name];
        // Found sooner the next time. It does not change during an evaluation.
        frame.bind(name, value);
        return value;
      }
    }
    return undefined;
  }

  #index(): void {
    this.#map = new Map();
    for (let binding = this.#first; binding !== undefined; binding = binding.next)
      this.#map.set(binding.name, binding.value);
    this.#first = undefined;
  }
}

/** Whether `for (name in object)` names it. */
function isEnumerable(object: object, name: string): boolean {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, name)) return Object.prototype.propertyIsEnumerable.call(at, name);
  return false;
}
