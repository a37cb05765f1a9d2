import type { Frame } from '../frame.ts';
import { meter } from '../meter.ts';
import { type Call, type Compiler, hasMembers, type Node, type Run, settled } from './node.ts';

/** A call that may have its first argument, and evaluates the others. */
type RunCall = (input: unknown, frame: Frame, applied: readonly unknown[]) => unknown;

const NONE: readonly unknown[] = [];

/** A call of a function. */
export function compileCall(node: Call, compiler: Compiler): Run | undefined {
  const call = compileArguments(node, compiler);
  return (
    call &&
    ((input, frame) => {
      meter.enter(frame);
      const result = call(input, frame, NONE);
      meter.leave(frame);
      return settled(result);
    })
  );
}

/** `value ~> $call(…)`: a call with one more argument in front. The library applies anything else. */
export function compileApplication(lhs: Node, rhs: Node, compiler: Compiler): Run | undefined {
  const call = rhs.type === 'function' ? compileArguments(rhs, compiler) : undefined;
  const first = compiler.runOf(lhs);
  return (
    call &&
    ((input, frame) => {
      meter.enter(frame);
      const result = call(input, frame, [first(input, frame)]);
      meter.leave(frame);
      return settled(result);
    })
  );
}

function compileArguments(node: Call, { library, runOf }: Compiler): RunCall | undefined {
  // Most often the $ of the name was forgotten, which the library reports.
  if (node.procedure.type === 'path') return undefined;
  const [procedure, rest] = [runOf(node.procedure), node.arguments.map(runOf)];
  return (input, frame, applied) => {
    const called = procedure(input, frame);
    const before = applied.length;
    // An array that grows takes room for 17 items.
    const args = new Array<unknown>(before + rest.length);
    if (before > 0) args[0] = applied[0];
    for (let index = 0; index < rest.length; index += 1) {
      const value = rest[index]?.(input, frame);
      args[before + index] =
        hasMembers(value) || typeof value === 'function' ? library.argumentOf(value, frame) : value;
    }
    return library.callFunction(node, called, args, input, frame);
  };
}
