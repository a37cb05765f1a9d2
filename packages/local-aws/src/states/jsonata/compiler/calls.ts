import type { Frame } from '../frame.ts';
import type { Call, Compiler, Node, Run } from './node.ts';

/** A call that has its first arguments, and evaluates the others. */
type RunCall = (input: unknown, frame: Frame, args: unknown[]) => unknown;

/** A call of a function. */
export function compileCall(node: Call, compiler: Compiler): Run | undefined {
  const call = compileArguments(node, compiler);
  return call && ((input, frame) => call(input, frame, []));
}

/** `value ~> $call(…)`: a call with one more argument in front. The library applies anything else. */
export function compileApplication(lhs: Node, rhs: Node, compiler: Compiler): Run | undefined {
  const call = rhs.type === 'function' ? compileArguments(rhs, compiler) : undefined;
  const first = compiler.runOf(lhs);
  return call && ((input, frame) => call(input, frame, [first(input, frame)]));
}

function compileArguments(node: Call, { library, runOf }: Compiler): RunCall | undefined {
  // Most often the $ of the name was forgotten, which the library reports.
  if (node.procedure.type === 'path') return undefined;
  const [procedure, rest] = [runOf(node.procedure), node.arguments.map(runOf)];
  return (input, frame, args) => {
    const called = procedure(input, frame);
    for (const run of rest) args.push(library.argumentOf(run(input, frame), frame));
    return library.callFunction(node, called, args, input, frame);
  };
}
