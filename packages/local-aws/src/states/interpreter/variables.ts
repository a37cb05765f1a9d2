import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { dataLimitExceeded } from '../errors.ts';
import type { Bindings } from '../jsonata/evaluation.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';

const EXECUTION_BYTES = 10 * 1024 * 1024;

/** Bytes that all variables of an execution hold: at most 10 MiB. */
export interface VariableBudget {
  bytes: number;
}

/**
 * The variables of one scope: the machine, one iteration of a Map or one branch of a Parallel. Outer variables are
 * visible through the prototype chain. Shadowing is refused when the definition is created.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html}
 */
export class VariableScope {
  readonly #budget: VariableBudget;
  readonly #outer: VariableScope | undefined;
  /** Made for the first variable: most iterations assign none, and what inherits from a new object is slow to make. */
  #own: Bindings | undefined;
  #bytes = 0;

  constructor(budget: VariableBudget, outer?: VariableScope) {
    this.#budget = budget;
    this.#outer = outer;
  }

  /** The variables by name, those of outer scopes in the prototype chain. */
  get bindings(): Bindings {
    return this.#own ?? this.#outer?.bindings ?? NONE;
  }

  /**
   * Assigns variables, visible from the next state on. Throws States.DataLimitExceeded over 256 KiB in one state or
   * 10 MiB in the execution.
   */
  assign(state: string, values: readonly (readonly [string, Json])[]): void {
    let assigned = 0;
    let change = 0;
    for (const [name, value] of values) {
      const bytes = jsonBytes(value);
      assigned += bytes;
      change += bytes - this.#bytesOf(name);
    }
    if (assigned > PAYLOAD_BYTES || this.#budget.bytes + change > EXECUTION_BYTES) throw dataLimitExceeded(state);
    this.#budget.bytes += change;
    this.#bytes += change;
    if (values.length === 0) return;
    this.#own ??= createBindings(this.#outer?.bindings ?? NONE);
    for (const [name, value] of values) this.#own[name] = value;
  }

  /** All variables that a state of this scope can read, those of outer scopes included. */
  get visible(): JsonObject {
    const visible: JsonObject = {};
    // Every binding was assigned in this class, so it is JSON.
    const { bindings } = this;
    for (const name in bindings) visible[name] = bindings[name] as Json;
    return visible;
  }

  /** Frees the scope's variables. */
  end(): void {
    this.#budget.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  #bytesOf(name: string): number {
    // Every own binding was assigned here, so it is JSON.
    return this.#own !== undefined && Object.hasOwn(this.#own, name) ? jsonBytes(this.#own[name] as Json) : 0;
  }
}

function createBindings(outer: Bindings | null): Bindings {
  return Object.create(outer);
}

const NONE = createBindings(null);
