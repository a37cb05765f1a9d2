import type { Frame } from '../frame.ts';

/** Evaluates a node for a context value. Does exactly what the library's `evaluate` does with the node. */
export type Run = (input: unknown, frame: Frame) => unknown;

/** The member of a node that holds its {@link Run}, if it has one. The library evaluates the others. */
export const RUN = Symbol('run');

interface Common {
  readonly position?: number;
  readonly predicate?: readonly Stage[];
  readonly group?: unknown;
  readonly keepArray?: boolean;
  /** Of the step of a path. */
  readonly stages?: readonly Stage[];
  readonly consarray?: boolean;
  readonly tuple?: boolean;
  [RUN]?: Run;
}

/** A predicate, or the name of a variable for the place of an item. */
export type Stage =
  | { readonly type: 'filter'; readonly expr: Node }
  | { readonly type: 'index'; readonly value: string };

export interface Path extends Common {
  readonly type: 'path';
  readonly value?: unknown;
  readonly steps: readonly Node[];
  readonly keepSingletonArray?: boolean;
}

export interface Binary extends Common {
  readonly type: 'binary';
  readonly value: string;
  readonly lhs: Node;
  readonly rhs: Node;
}

export interface ArrayNode extends Common {
  readonly type: 'unary';
  readonly value: '[';
  readonly expressions: readonly Node[];
}

export interface ObjectNode extends Common {
  readonly type: 'unary';
  readonly value: '{';
  readonly lhs: readonly (readonly [key: Node, value: Node])[];
}

export interface Call extends Common {
  readonly type: 'function';
  readonly value: string;
  readonly procedure: Node;
  readonly arguments: readonly Node[];
}

export interface Condition extends Common {
  readonly type: 'condition';
  readonly value?: unknown;
  readonly condition: Node;
  readonly then: Node;
  readonly else?: Node;
}

/** The nodes of the library's syntax tree that are compiled, by kind. */
export type Node =
  | Path
  | Binary
  | ArrayNode
  | ObjectNode
  | Call
  | (Common & { readonly type: 'unary'; readonly value: '-' })
  | (Common & { readonly type: 'string' | 'number' | 'value'; readonly value: unknown })
  | (Common & { readonly type: 'name' | 'variable'; readonly value: string })
  | Condition
  | (Common & { readonly type: 'block'; readonly value?: unknown; readonly expressions: readonly Node[] })
  | (Common & { readonly type: 'bind'; readonly value: string; readonly lhs: { value: string }; readonly rhs: Node })
  | (Common & { readonly type: 'apply'; readonly value: string; readonly lhs: Node; readonly rhs: Node })
  | (Common & { readonly type: 'lambda' | 'regex'; readonly value?: unknown })
  // Not compiled.
  | (Common & {
      readonly type: 'wildcard' | 'descendant' | 'parent' | 'partial' | 'transform' | 'sort' | 'operator';
      readonly value?: unknown;
    });

/** An array of the library, with its marks. */
export interface Sequence extends Array<unknown> {
  sequence?: boolean;
  /** Not flattened into the sequence that it becomes an item of. */
  cons?: boolean;
  keepSingleton?: boolean;
  tupleStream?: boolean;
}

/** What compiled nodes use of the library. */
export interface Library {
  /** Evaluates a node that is not compiled. */
  walk(node: Node, input: unknown, frame: Frame): unknown;
  evaluateFilter(predicate: Node, input: unknown, frame: Frame): unknown;
  evaluateGroupExpression(node: ObjectNode, input: unknown, frame: Frame): unknown;
  evaluateLambda(node: Node, input: unknown, frame: Frame): unknown;
  evaluateRegex(node: Node): unknown;
  evaluateEqualityExpression: Operation;
  evaluateNumericExpression: Operation;
  evaluateComparisonExpression: Operation;
  evaluateIncludesExpression: Operation;
  evaluateRangeExpression: Operation;
  evaluateStringConcat: Operation;
  /** An argument as a function gets it: functions are wrapped. */
  argumentOf(value: unknown, frame: Frame): unknown;
  /** Calls a function with arguments from {@link argumentOf}. */
  callFunction(node: Call, procedure: unknown, args: readonly unknown[], input: unknown, frame: Frame): unknown;
  lookup(input: unknown, key: string): unknown;
  boolean(value: unknown): boolean | undefined;
  isFunction(value: unknown): boolean;
  isNumeric(value: unknown): boolean;
  isArrayOfNumbers(value: unknown): value is number[];
}

type Operation = (left: unknown, right: unknown, operator: string) => unknown;

/** What compiles the tree that a node is in. The nodes below it are compiled already. */
export interface Compiler {
  readonly library: Library;
  runOf(node: Node): Run;
  /** Whether anything in the tree binds a variable of that name. */
  binds(name: string): boolean;
}

/** Whether nothing is done to what a node evaluates to. Predicates of the step of a path are no part of its node. */
export function isBare({ predicate, group, keepArray }: Node): boolean {
  return predicate === undefined && group === undefined && !keepArray;
}

/** Whether a value has members: an object or an array. */
export function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Makes an array one of the library's own. Their items become a result's, and a single one stands for itself. */
export function asSequence(items: unknown[]): Sequence {
  const sequence: Sequence = items;
  sequence.sequence = true;
  return sequence;
}

/** Whether an array is one of the library's own. */
export function isSequence(items: Sequence): boolean {
  return items.sequence === true;
}

/** What a node evaluates to: of a sequence its only item, if it has one, and nothing if it has none. */
export function settled(result: unknown): unknown {
  if (!Array.isArray(result)) return result;
  const items: Sequence = result;
  if (items.length > 1 || !isSequence(items) || items.tupleStream) return items;
  return items.length === 0 ? undefined : items.keepSingleton ? items : items[0];
}
