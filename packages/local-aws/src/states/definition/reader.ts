import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { expressionSource, type Template } from '../jsonata/template.ts';
import { compileField, type Scope } from './scope.ts';
import type { Violations } from './violations.ts';

/** Reads typed fields of one object of a definition and reports violations. */
export class Reader {
  readonly object: JsonObject;
  readonly place: string;
  readonly violations: Violations;
  /** The path of the enclosing state. Causes name fields relative to it (`Choices[0]/Condition`). */
  readonly #statePlace: string;

  constructor(object: JsonObject, place: string, violations: Violations, statePlace = place) {
    this.object = object;
    this.place = place;
    this.violations = violations;
    this.#statePlace = statePlace;
  }

  get(field: string): Json | undefined {
    return this.object[field];
  }

  refuse(field: string, message: string): void {
    this.violations.add(`${this.place}/${field}`, message);
  }

  text(field: string): string | undefined {
    const value = this.object[field];
    if (value === undefined || typeof value === 'string') return value;
    this.refuse(field, 'Expected value of type String');
    return undefined;
  }

  boolean(field: string): boolean | undefined {
    const value = this.object[field];
    if (value === undefined || typeof value === 'boolean') return value;
    this.refuse(field, 'Expected value of type Boolean');
    return undefined;
  }

  /** A number within bounds, both included. */
  number(field: string, bounds: NumberBounds): number | undefined {
    const value = this.object[field];
    if (value === undefined) return undefined;
    const problem = numberProblem(value, bounds);
    if (problem === undefined && typeof value === 'number') return value;
    this.refuse(field, problem ?? 'Expected value of type Number');
    return undefined;
  }

  /** A number within bounds, or an expression whose result is checked when the state runs. */
  numberTemplate(field: string, bounds: NumberBounds, scope: Scope): Template | undefined {
    const value = this.object[field];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && expressionSource(value) !== undefined) return this.template(field, scope);
    const problem = numberProblem(value, bounds);
    if (problem !== undefined) this.refuse(field, `${problem}, or a JSONata expression`);
    return { kind: 'constant', value };
  }

  template(field: string, scope: Scope): Template | undefined {
    const value = this.object[field];
    if (value === undefined) return undefined;
    const location = `${this.place}/${field}`.slice(this.#statePlace.length + 1);
    return compileField(value, location, this.#statePlace, scope, this.violations);
  }

  /** The objects in an array field, each with its own reader (`Retry[0]`). */
  objects(field: string): Reader[] {
    const value = this.object[field];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.refuse(field, 'Expected value of type Array');
      return [];
    }
    return value.flatMap((item, index) => {
      const place = `${this.place}/${field}[${index}]`;
      if (isJsonObject(item)) return [new Reader(item, place, this.violations, this.#statePlace)];
      this.violations.add(place, 'Expected value of type Object');
      return [];
    });
  }
}

/** Both ends included; integers unless `isFraction`. */
export interface NumberBounds {
  min: number;
  max: number;
  isFraction?: boolean;
}

/** The violation of a number, or undefined. */
function numberProblem(value: Json, bounds: NumberBounds): string | undefined {
  const kind = bounds.isFraction === true ? 'Number' : 'Integer';
  if (typeof value !== 'number' || (kind === 'Integer' && !Number.isInteger(value)))
    return `Expected value of type ${kind}`;
  if (value < bounds.min || value > bounds.max)
    return `Expected a number from ${bounds.min} to ${bounds.max}, but was ${value}`;
  return undefined;
}
