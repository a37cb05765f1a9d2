import type { Frame } from '../frame.ts';
import { type Making, meter } from '../meter.ts';
import type { LibrarySignature } from '../signature.ts';
import { type Call, type Compiler, hasMembers, type Library, type Run, settled } from './node.ts';

/** A call of a function. `applied`: what the call gets in front of its own arguments, as in `value ~> $call(…)`. */
export function compileCall(node: Call, { library, runOf }: Compiler, applied?: Run): Run | undefined {
  // Most often the $ of the name was forgotten, which the library reports.
  if (node.procedure.type === 'path') return undefined;
  const [procedure, rest] = [runOf(node.procedure), node.arguments.map(runOf)];
  const before = applied === undefined ? 0 : 1;
  return (input, frame) => {
    meter.enter(frame);
    const first = applied?.(input, frame);
    const called = procedure(input, frame);
    // An array that grows takes room for 17 items.
    const args = new Array<unknown>(before + rest.length);
    if (before > 0) args[0] = first;
    for (let index = 0; index < rest.length; index += 1) {
      const value = rest[index]?.(input, frame);
      args[before + index] =
        hasMembers(value) || typeof value === 'function' ? library.argumentOf(value, frame) : value;
    }
    const result = isBuiltIn(called)
      ? callBuiltIn(node, called, args, input, frame, library)
      : library.callFunction(node, called, args, input, frame);
    meter.leave(frame);
    return settled(result);
  };
}

/** A built-in function as the library defines it. */
interface BuiltIn {
  readonly implementation: (...args: unknown[]) => unknown;
  readonly making: Making;
  readonly signature?: Pick<LibrarySignature, 'validate'>;
  /** Where it was called last, for errors. */
  token?: unknown;
  position?: number | undefined;
}

function isBuiltIn(value: unknown): value is BuiltIn {
  return hasMembers(value) && value._jsonata_function === true && typeof value.implementation === 'function';
}

/** What the library's `callFunction` does with a built-in function, without its detours. */
function callBuiltIn(
  node: Call,
  called: BuiltIn,
  args: readonly unknown[],
  input: unknown,
  frame: Frame,
  library: Library,
): unknown {
  called.token = node.procedure.value;
  called.position = node.position;
  let result: unknown;
  try {
    const taken = called.signature === undefined ? args : called.signature.validate(args, input);
    meter.calling(taken);
    const focus = { environment: frame, input };
    const { length } = taken;
    result =
      length === 1
        ? called.implementation.call(focus, taken[0])
        : length === 2
          ? called.implementation.call(focus, taken[0], taken[1])
          : called.implementation.apply(focus, [...taken]);
    meter.returned(called.making, result);
  } catch (error) {
    const rethrow = () => {
      throw error;
    };
    // The library adds the place to the error.
    const place = { token: called.token, position: called.position };
    return library.callFunction(node, Object.assign(rethrow, place), args, input, frame);
  }
  // Stands for another call, or is data that looks so.
  if (hasMembers(result) && result.thunk === true) return library.callFunction(node, () => result, args, input, frame);
  return result;
}
