import type { Frame } from '../frame.ts';
import { meter } from '../meter.ts';
import { asSequence, type Compiler, hasMembers, type Library, type Node, type Run, type Stage } from './node.ts';

/** A predicate on a value, or several. */
export type Filter = (input: unknown, frame: Frame) => unknown;

/** Predicates, one after the other. Undefined if one is the name of a variable. */
export function compilePredicates(stages: readonly Stage[], compiler: Compiler): readonly Filter[] | undefined {
  const filters: Filter[] = [];
  for (const stage of stages) {
    if (stage.type !== 'filter') return undefined;
    filters.push(compileFilter(stage.expr, compiler));
  }
  return filters;
}

function compileFilter(predicate: Node, { library, runOf }: Compiler): Filter {
  const filter =
    predicate.type === 'number' ? itemAt(Math.floor(Number(predicate.value))) : itemsThat(runOf(predicate), library);
  return (input, frame) => {
    if (hasMembers(input) && input.tupleStream) return library.evaluateFilter(predicate, input, frame);
    const selected = filter(Array.isArray(input) ? input : [input], frame);
    meter.items(selected.length);
    return selected;
  };
}

type Selection = (items: readonly unknown[], frame: Frame) => readonly unknown[];

/** The item at a place, from the end if it is negative. If it is an array, that is the result. */
function itemAt(place: number): Selection {
  return (items) => {
    const item = items[place < 0 ? items.length + place : place];
    return Array.isArray(item) ? item : asSequence(item === undefined ? [] : [item]);
  };
}

/** The items for which the predicate holds, or gives their place. */
function itemsThat(holds: Run, library: Library): Selection {
  return (items, frame) => {
    const selected: unknown[] = [];
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      const result = holds(item, frame);
      const times = typeof result === 'boolean' ? Number(result) : timesSelected(result, index, items.length, library);
      for (let time = 0; time < times; time += 1) selected.push(item);
    }
    return asSequence(selected);
  };
}

/** How often a predicate's result names a place: once for each number, or once if it is true. */
function timesSelected(result: unknown, index: number, length: number, library: Library): number {
  const places = library.isNumeric(result) ? [result] : result;
  if (!library.isArrayOfNumbers(places)) return library.boolean(result) ? 1 : 0;
  meter.work(places.length);
  return places.filter((place) => Math.floor(place) + (place < 0 ? length : 0) === index).length;
}
