import { Frame } from '../frame.ts';
import { meter } from '../meter.ts';
import { compileApplication, compileCall } from './calls.ts';
import { compileArray, compileObject } from './constructors.ts';
import { compileName, compileVariable } from './leaves.ts';
import { type Compiler, type Library, type Node, RUN, type Run, type Stage, settled } from './node.ts';
import { compileBinary } from './operators.ts';
import { compilePath } from './paths.ts';
import { compilePredicates } from './predicates.ts';

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
  for (const name of boundBy(value)) bound.add(String(name));
}

/** The names that a node binds itself. */
function boundBy(node: { type?: unknown; value?: unknown; lhs?: unknown; arguments?: unknown }): unknown[] {
  const names = ['focus', 'index'].flatMap((member) => Object.entries(node).filter(([key]) => key === member));
  return [
    ...names.map(([, name]) => name),
    ...(node.type === 'index' ? [node.value] : []),
    ...(node.type === 'bind' ? [node.lhs] : node.type === 'lambda' ? [node.arguments] : [])
      .flat()
      .map((variable) =>
        typeof variable === 'object' && variable !== null && 'value' in variable ? variable.value : '',
      ),
  ];
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

function compile(node: Node, compiler: Compiler): Run | undefined {
  // Both are rare, and change what becomes of a result.
  if (node.keepArray || node.group !== undefined) return undefined;
  const core = compileCore(node, compiler);
  if (core === undefined) return undefined;
  if (node.predicate !== undefined) return withPredicates(core, node.predicate, compiler);
  if (isLeaf(node))
    return (input, frame) => {
      meter.leaf(frame);
      return settled(core(input, frame));
    };
  return (input, frame) => {
    meter.enter(frame);
    const result = core(input, frame);
    meter.leave(frame);
    return settled(result);
  };
}

function withPredicates(core: Run, predicates: readonly Stage[], compiler: Compiler): Run | undefined {
  const filters = compilePredicates(predicates, compiler);
  if (filters === undefined) return undefined;
  return (input, frame) => {
    meter.enter(frame);
    let result = core(input, frame);
    for (const filter of filters) result = filter(result, frame);
    meter.leave(frame);
    return settled(result);
  };
}

/** Whether a node evaluates no other. */
function isLeaf({ type }: Node): boolean {
  return ['string', 'number', 'value', 'name', 'variable', 'lambda', 'regex'].includes(type);
}

/** What a node does between its entry and its predicates. */
function compileCore(node: Node, compiler: Compiler): Run | undefined {
  const { library, runOf } = compiler;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node.value, compiler);
    case 'variable':
      return compileVariable(node.value, compiler);
    case 'lambda':
      return (input, frame) => library.evaluateLambda(node, input, frame);
    case 'regex':
      return () => library.evaluateRegex(node);
    case 'path':
      return compilePath(node, compiler);
    case 'binary':
      return compileBinary(node, compiler);
    case 'unary':
      return node.value === '['
        ? compileArray(node, compiler)
        : node.value === '{'
          ? compileObject(node, compiler)
          : undefined;
    case 'function':
      return compileCall(node, compiler);
    case 'apply':
      return compileApplication(node.lhs, node.rhs, compiler);
    case 'condition': {
      const [condition, then, otherwise] = [runOf(node.condition), runOf(node.then), node.else && runOf(node.else)];
      return (input, frame) =>
        library.boolean(condition(input, frame)) ? then(input, frame) : otherwise?.(input, frame);
    }
    case 'block': {
      const expressions = node.expressions.map(runOf);
      return (input, frame) => {
        const inner = new Frame(frame);
        let result: unknown;
        for (const run of expressions) result = run(input, inner);
        return result;
      };
    }
    case 'bind': {
      const [name, value] = [node.lhs.value, runOf(node.rhs)];
      return (input, frame) => {
        const result = value(input, frame);
        frame.bind(name, result);
        return result;
      };
    }
    default:
      return undefined;
  }
}
