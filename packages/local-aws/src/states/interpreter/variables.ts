import type { Json } from '@tweet-pipes/kit/json';
import { dataLimitExceeded } from '../errors.ts';
import type { Bindings } from '../jsonata/expression.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';

const EXECUTION_BYTES = 10 * 1024 * 1024;

/** Counts what all variables of an execution hold: 10 MiB at most. */
export interface VariableBudget {
  bytes: number;
}

/**
 * The variables of one scope: the machine, one iteration of a Map or one branch of a Parallel. Outer ones are seen
 * through the prototype chain; that inner ones have other names is checked when the definition is created. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html}
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
   * Visible from the next state on. Throws States.DataLimitExceeded over 256 KiB in one state or 10 MiB in the
   * execution.
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

  /** The scope is over and its variables are gone. */
  end(): void {
    this.#budget.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  #bytesOf(name: string): number {
    // Own bindings were all assigned here.
    return Object.hasOwn(this.bindings, name) ? jsonBytes(this.bindings[name] as Json) : 0;
  }
}
