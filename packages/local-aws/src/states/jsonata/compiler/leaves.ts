import { meter } from '../meter.ts';
import { type Compiler, hasMembers, type Library, type Run, settled } from './node.ts';

/** A value that is written out. */
export function compileConstant(value: unknown): Run {
  return (_, frame) => {
    meter.leaf(frame);
    return value;
  };
}

/** A member of the context value, or of each item of it. */
export function compileName(key: string, { library }: Compiler): Run {
  return (input, frame) => {
    meter.leaf(frame);
    return settled(memberOf(input, key, library));
  };
}

/** The last two values that are known to be no functions: most names follow another one of the same value. */
let plain: unknown;
let plainBefore: unknown;

/** A member of a value, or of each item of it. */
export function memberOf(input: unknown, key: string, library: Library): unknown {
  if (!hasMembers(input) || Array.isArray(input)) return library.lookup(input, key);
  meter.work(1);
  const value = input[key];
  if (value === undefined || input === plain || input === plainBefore) return value;
  if (library.isFunction(input)) return undefined;
  plainBefore = plain;
  plain = input;
  return value;
}

/** The value of a variable, or the context value for the empty name. */
export function compileVariable(name: string, { binds }: Compiler): Run {
  if (name === '')
    return (input, frame) => {
      meter.leaf(frame);
      return settled(hasMembers(input) && input.outerWrapper ? input[0] : input);
    };
  if (binds(name))
    return (_, frame) => {
      meter.leaf(frame);
      return settled(frame.lookup(name));
    };
  // A built-in function is the same throughout an evaluation, as nothing in the tree binds its name.
  let known: unknown;
  let knownIn: number | undefined;
  return (_, frame) => {
    meter.leaf(frame);
    const { root } = frame;
    if (knownIn === root.number) return known;
    const value = root.lookup(name);
    if (!hasMembers(value) || value._jsonata_function !== true) return settled(value);
    known = value;
    knownIn = root.number;
    return value;
  };
}
