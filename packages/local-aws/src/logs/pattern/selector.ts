import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import type { PatternText } from './pattern-text.ts';

/** One step of a property selector. `any`: each element of a list, or each member of an object. */
type Step = { readonly member: string } | { readonly index: number } | 'any';

/** `$.users[0].name`. Selects values of a JSON document: one, or with `*` several. */
export type Selector = readonly Step[];

/** Takes a selector. Fails as the text does when there is none. */
export function takeSelector(text: PatternText): Selector {
  if (text.take(/\$/y) === undefined) text.fail('a property selector such as $.name');
  const steps: Step[] = [];
  for (;;) {
    const [found, name, index, quoted] =
      text.take(/\.([\p{L}\p{N}_-]+|\*)|\.?\[(\d{1,9}|\*)\]|\.?\[(?:'([^'\]]+)'|"[^"\]]+")\]/uy) ?? [];
    if (found === undefined) break;
    if (name === '*' || index === '*') steps.push('any');
    else if (name !== undefined) steps.push({ member: name });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ member: quoted ?? found.slice(found.indexOf('"') + 1, -2) });
  }
  if (steps.length === 0) text.fail('a property selector such as $.name');
  if (steps.filter((step) => step === 'any').length > 1) text.fail('at most one * in a property selector, before this');
  return steps;
}

/** The values that a selector finds in a document. */
export function select(selector: Selector, document: Json): Json[] {
  let found: Json[] = [document];
  for (const step of selector) found = found.flatMap((value) => below(value, step));
  return found;
}

function below(value: Json, step: Step): Json[] {
  if (step === 'any') {
    if (Array.isArray(value)) return value;
    return isJsonObject(value) ? Object.values(value).filter((member) => member !== undefined) : [];
  }
  if ('index' in step) {
    const element = Array.isArray(value) ? value[step.index] : undefined;
    return element === undefined ? [] : [element];
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step.member)) return [];
  const member = value[step.member];
  return member === undefined ? [] : [member];
}
