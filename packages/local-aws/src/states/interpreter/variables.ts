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
  readonly bindings: Bindings;
  readonly #budget: VariableBudget;
  #bytes = 0;

  constructor(budget: VariableBudget, outer?: VariableScope) {
    this.#budget = budget;
    this.bindings = Object.create(outer?.bindings ?? null);
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
    for (const [name, value] of values) this.bindings[name] = value;
  }

  /** All variables that a state of this scope can read, those of outer scopes included. */
  get visible(): JsonObject {
    const visible: JsonObject = {};
    // Every binding was assigned in this class, so it is JSON.
    for (const name in this.bindings) visible[name] = this.bindings[name] as Json;
    return visible;
  }

  /** Frees the scope's variables. */
  end(): void {
    this.#budget.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  #bytesOf(name: string): number {
    // Every own binding was assigned here, so it is JSON.
    return Object.hasOwn(this.bindings, name) ? jsonBytes(this.bindings[name] as Json) : 0;
  }
}
