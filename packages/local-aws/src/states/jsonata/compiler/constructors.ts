import { meter } from '../meter.ts';
import { type ArrayNode, type Compiler, hasMembers, type Node, type ObjectNode, type Run } from './node.ts';

/** `[…]`. All members are evaluated before the first is added. An array adds its items, unless it is written out. */
export function compileArray({ expressions, consarray }: ArrayNode, { runOf }: Compiler): Run {
  const members = expressions.map((node) => ({ run: runOf(node), isKept: node.value === '[' }));
  return (input, frame) => {
    meter.enter(frame);
    const values: unknown[] = [];
    for (let index = 0; index < members.length; index += 1) {
      meter.member(frame, index);
      values.push(members[index]?.run(input, frame));
    }
    meter.membersDone(members.length);
    const result: unknown[] = [];
    for (let index = 0; index < members.length; index += 1) {
      const value = values[index];
      if (value === undefined) continue;
      const isKept = members[index]?.isKept;
      // The library copies what it has so far.
      if (!isKept) meter.copying(result.length);
      if (isKept || !Array.isArray(value)) result.push(value);
      else for (const item of value) result.push(item);
    }
    if (consarray) Object.defineProperty(result, 'cons', { value: true });
    meter.made(result);
    meter.leave(frame);
    return result;
  };
}

/**
 * `{…}` on a single value, with one member or with keys that are written out. The library groups: it gets an array, and
 * keys of which several can be the same.
 */
export function compileObject(node: ObjectNode, compiler: Compiler): Run | undefined {
  const [first, ...others] = node.lhs;
  const run = areLiteral(node)
    ? compileLiteral(node, compiler)
    : first !== undefined && others.length === 0
      ? compileSingle(first, node.position, compiler)
      : undefined;
  const { library } = compiler;
  return (
    run &&
    ((input, frame) => {
      meter.enter(frame);
      const isGrouped = hasMembers(input) && (Array.isArray(input) || input.tupleStream);
      const result = isGrouped ? library.evaluateGroupExpression(node, input, frame) : run(input, frame);
      meter.leave(frame);
      return result;
    })
  );
}

/** Whether the keys are different strings, and none that the library takes for something else. */
function areLiteral({ lhs }: ObjectNode): boolean {
  const keys = new Set(['__proto__', 'hasOwnProperty']);
  return lhs.every(([{ type, value, predicate, group, keepArray }]) => {
    if (type !== 'string' || predicate !== undefined || group !== undefined || keepArray) return false;
    return keys.size < keys.add(String(value)).size;
  });
}

function compileLiteral({ lhs }: ObjectNode, { runOf }: Compiler): Run {
  const values = new Map(lhs.map(([key, value]) => [String(key.value), { key: String(key.value), run: runOf(value) }]));
  // Members are evaluated in the order that they have in an object, where numbers come first.
  const members = Object.values(Object.fromEntries(values));
  return (input, frame) => {
    // The keys.
    for (let index = 0; index < members.length; index += 1) meter.leaf(frame);
    const result: Record<string, unknown> = {};
    let [count, characters] = [0, 0];
    for (let index = 0; index < members.length; index += 1) {
      const member = members[index];
      if (member === undefined) break;
      const { key, run } = member;
      meter.member(frame, index);
      const value = run(input, frame);
      if (value === undefined) continue;
      result[key] = value;
      count += 1;
      characters += key.length;
    }
    meter.membersDone(members.length);
    meter.members(count, characters);
    return result;
  };
}

/** One member, whatever its key. */
function compileSingle(
  [keyNode, valueNode]: readonly [Node, Node],
  position: number | undefined,
  { runOf }: Compiler,
): Run {
  const [keyRun, valueRun] = [runOf(keyNode), runOf(valueNode)];
  return (input, frame) => {
    const key = keyRun(input, frame);
    if (typeof key !== 'string' && key !== undefined)
      throw { code: 'T1003', stack: new Error().stack, position, value: key };
    const result: Record<string, unknown> = {};
    // The library loses the key __proto__.
    if (key !== undefined && key !== '__proto__') {
      meter.member(frame, 0);
      const value = valueRun(input, frame);
      meter.membersDone(1);
      if (value !== undefined) result[key] = value;
    }
    meter.made(result);
    return result;
  };
}
