import { Frame } from '../frame.ts';
import { meter } from '../meter.ts';
import { compileCall } from './calls.ts';
import { compileArray, compileObject } from './constructors.ts';
import { compileConstant, compileName, compileVariable } from './leaves.ts';
import {
  type Compiler,
  type Condition,
  hasMembers,
  isBare,
  type Library,
  type Node,
  RUN,
  type Run,
  settled,
} from './node.ts';
import { compileBinary } from './operators.ts';
import { compilePath } from './paths.ts';

/**
 * Compiles the nodes of a syntax tree to functions, each with those of its children (docs/adr/0060). A node of another
 * kind, or with a rare property, is left to the library, which in turn runs the compiled nodes below it.
 */
export function compileTree(root: Node, library: Library): void {
  const nodes = new Set<object>();
  const bound = new Set<string>();
  collect(root, nodes, bound);
  const compiler: Compiler = {
    library,
    runOf: (node) => node[RUN] ?? ((input, frame) => library.walk(node, input, frame)),
    binds: (name) => bound.has(name),
  };
  // Members come before what holds them.
  for (const node of nodes) {
    const run = isNode(node) ? compile(node, compiler) : undefined;
    if (run !== undefined) Object.assign(node, { [RUN]: run });
  }
}

/** Finds all objects of a tree, members first, and the names of the variables that it binds anywhere. */
function collect(value: unknown, nodes: Set<object>, bound: Set<string>): void {
  if (typeof value !== 'object' || value === null || nodes.has(value)) return;
  for (const member of Object.values(value)) collect(member, nodes, bound);
  nodes.add(value);
  for (const name of boundBy(value)) if (typeof name === 'string') bound.add(name);
}

/** The names that a node binds itself, and nothing in the place of those that it could bind. */
function boundBy(node: {
  type?: unknown;
  value?: unknown;
  lhs?: unknown;
  arguments?: unknown;
  focus?: unknown;
  index?: unknown;
}): unknown[] {
  const variables = node.type === 'bind' ? node.lhs : node.type === 'lambda' ? node.arguments : undefined;
  return [
    node.focus,
    node.index,
    node.type === 'index' ? node.value : undefined,
    ...[variables].flat().map((variable) => (hasMembers(variable) ? variable.value : undefined)),
  ];
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

function compile(node: Node, compiler: Compiler): Run | undefined {
  // They are rare, and change what becomes of a result.
  if (!isBare(node)) return undefined;
  const { library, runOf } = compiler;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return compileConstant(node.value);
    case 'name':
      return compileName(node.value, compiler);
    case 'variable':
      return compileVariable(node.value, compiler);
    case 'path':
      return compilePath(node, compiler);
    case 'binary':
      return compileBinary(node, compiler);
    case 'unary':
      if (node.value === '-') return undefined;
      return node.value === '[' ? compileArray(node, compiler) : compileObject(node, compiler);
    case 'function':
      return compileCall(node, compiler);
    case 'apply':
      // The library applies anything else.
      return node.rhs.type === 'function' ? compileCall(node.rhs, compiler, runOf(node.lhs)) : undefined;
    case 'condition':
      return compileCondition(node, compiler);
    case 'block':
      return compileBlock(node.expressions, compiler);
    case 'bind':
      return compileBinding(node.lhs.value, runOf(node.rhs));
    case 'lambda':
      return (input, frame) => {
        meter.leaf(frame);
        return library.evaluateLambda(node, input, frame);
      };
    case 'regex':
      return (_, frame) => {
        meter.leaf(frame);
        return library.evaluateRegex(node);
      };
    default:
      return undefined;
  }
}

function compileCondition({ condition, then, else: other }: Condition, { library, runOf }: Compiler): Run {
  const [test, first, second] = [runOf(condition), runOf(then), other && runOf(other)];
  return (input, frame) => {
    meter.enter(frame);
    const tested = test(input, frame);
    const holds = typeof tested === 'boolean' ? tested : library.boolean(tested);
    const result = holds ? first(input, frame) : second?.(input, frame);
    meter.leave(frame);
    return settled(result);
  };
}

function compileBlock(nodes: readonly Node[], { runOf }: Compiler): Run {
  const expressions = nodes.map(runOf);
  return (input, frame) => {
    meter.enter(frame);
    const inner = new Frame(frame);
    let result: unknown;
    for (const run of expressions) result = run(input, inner);
    meter.leave(frame);
    return settled(result);
  };
}

function compileBinding(name: string, value: Run): Run {
  return (input, frame) => {
    meter.enter(frame);
    const result = value(input, frame);
    frame.bind(name, result);
    meter.leave(frame);
    return settled(result);
  };
}
