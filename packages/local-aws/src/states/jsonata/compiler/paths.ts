import type { Frame } from '../frame.ts';
import { meter } from '../meter.ts';
import { memberOf } from './leaves.ts';
import { asSequence, type Compiler, isBare, isSequence, type Path, type Run, type Sequence, settled } from './node.ts';
import { compilePredicates, type Filter } from './predicates.ts';

interface Step {
  readonly run: Run;
  readonly filters: readonly Filter[];
  /** What the step is, if it is a name and nothing else. */
  readonly key: string | undefined;
}

/** A path without sorting, bindings and parents, whose result is not grouped. */
export function compilePath({ steps: nodes, keepSingletonArray }: Path, compiler: Compiler): Run | undefined {
  const { library } = compiler;
  const [first] = nodes;
  if (first === undefined || first.consarray || keepSingletonArray) return undefined;
  const steps: Step[] = [];
  for (const node of nodes) {
    const filters = node.type === 'sort' || node.tuple ? undefined : compilePredicates(node.stages ?? [], compiler);
    if (filters === undefined) return undefined;
    const key = node.type === 'name' && filters.length === 0 && isBare(node) ? node.value : undefined;
    steps.push({ run: compiler.runOf(node), filters, key });
  }
  const [isAbsolute, last] = [first.type === 'variable', steps[steps.length - 1]];
  return (input, frame) => {
    meter.enter(frame);
    // Most steps go from one value to one value. The library makes two sequences for each.
    let one = input;
    let many: readonly unknown[] | undefined = Array.isArray(input) && !isAbsolute ? input : undefined;
    for (const step of steps) {
      if (many !== undefined) many = joined(resultsOf(step, many, frame), step === last);
      else {
        if (step.key === undefined) one = resultOf(step, one, frame);
        else {
          meter.leaf(frame);
          one = settled(memberOf(one, step.key, library));
        }
        if (Array.isArray(one)) many = itemsOf(one, step === last);
        else meter.items(one === undefined ? 0 : 1);
      }
      if (many === undefined ? one === undefined : many.length === 0 && step !== last) {
        many = undefined;
        one = undefined;
        break;
      }
    }
    meter.leave(frame);
    return settled(many ?? one);
  };
}

function resultOf({ run, filters }: Step, input: unknown, frame: Frame): unknown {
  let result = run(input, frame);
  for (const filter of filters) result = filter(result, frame);
  return result;
}

function resultsOf(step: Step, inputs: readonly unknown[], frame: Frame): unknown[] {
  const results: unknown[] = [];
  for (const input of inputs) {
    const result = resultOf(step, input, frame);
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** The results of a step as one sequence. */
function joined(results: unknown[], isLast: boolean): readonly unknown[] {
  const [only] = results;
  if (results.length === 1 && Array.isArray(only)) return itemsOf(only, isLast);
  const items = results.some(Array.isArray) ? flattened(results) : results;
  meter.items(items.length);
  return isLast ? asSequence(items) : items;
}

/** The same for a step whose only result is an array. In the last step one that is no sequence stays what it is. */
function itemsOf(result: Sequence, isLast: boolean): readonly unknown[] {
  const isKept = isLast && !isSequence(result);
  const items = !isKept && isConstructed(result) ? [result] : result;
  if (items === result && !isKept) meter.mayHoldItems(items.length);
  meter.items(items.length);
  // Marks of a result must not reach the value that it comes from.
  return isLast && !isKept ? asSequence(items.slice()) : items;
}

function flattened(results: readonly unknown[]): unknown[] {
  const items: unknown[] = [];
  for (const result of results) {
    if (!Array.isArray(result) || isConstructed(result)) items.push(result);
    else {
      meter.mayHoldItems(items.length + result.length);
      for (let index = 0; index < result.length; index += 1) items.push(result[index]);
    }
  }
  return items;
}

function isConstructed(items: Sequence): boolean {
  return items.cons === true;
}
