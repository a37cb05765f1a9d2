import type { Json } from '@tweet-pipes/kit/json';
import { findMisuse, type StatesMember } from '../jsonata/restrictions.ts';
import { compileTemplate, type Template } from '../jsonata/template.ts';
import type { Violations } from './violations.ts';

/** The members of `$states` that expressions of a field may use beside `input` and `context`. */
export type Scope = ReadonlySet<StatesMember>;

export const INPUT_ONLY: Scope = new Set();
export const AFTER_RESULT: Scope = new Set<StatesMember>(['result']);
export const AFTER_ERROR: Scope = new Set<StatesMember>(['errorOutput']);

/** Compiles a field. `location` is its name in causes, `place` the path of its state in the definition. */
export function compileField(
  value: Json,
  location: string,
  place: string,
  scope: Scope,
  violations: Violations,
): Template {
  return compileTemplate(
    value,
    location,
    (at, message) => violations.add(`${place}/${at}`, message, 'INVALID_JSONATA_EXPRESSION'),
    (at, expression) => {
      for (const misuse of findMisuse(expression.ast, scope))
        violations.add(`${place}/${at}`, misuse, 'UNSUPPORTED_JSONATA_EXPRESSION');
    },
  );
}
