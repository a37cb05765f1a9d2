/** A signature of a function, as the library parses it, with what it keeps for itself. */
export interface LibrarySignature {
  readonly definition: string;
  readonly params: readonly Parameter[];
  /** Of the types of all arguments, one letter each. A group for each parameter. */
  readonly regex: { exec(text: string): ArrayLike<string> | null };
  /** The arguments as the function gets them. Throws JSONata's error. */
  validate(args: readonly unknown[], context: unknown): readonly unknown[];
}

interface Parameter {
  readonly type: string;
  readonly subtype?: string;
  readonly context?: boolean;
  readonly contextRegex?: RegExp;
}

/** What becomes of one argument: where it is among those given, and what the parameter asks of it. */
interface Taken {
  readonly from: number;
  readonly as: 'it is' | 'missing' | 'item' | 'context' | 'items';
  readonly type: string;
  readonly accepts: RegExp | undefined;
}

/** How arguments of certain types are taken: all as they are, each in its way, or as the library says. */
type Plan = 'as they are' | 'by the library' | readonly Taken[];

/** The most arguments whose types are remembered. */
const PLANNED_ARGUMENTS = 6;
const TYPES = 'msnblaof';

/**
 * The same signature, but what it does with arguments of the same types is found out once. The library matches a
 * regular expression at each call. What it refuses, it still refuses itself.
 */
export function plannedSignature(signature: LibrarySignature): LibrarySignature {
  const plans = new Map<number, Plan>();
  return {
    ...signature,
    validate(args, context) {
      if (args.length > PLANNED_ARGUMENTS) return signature.validate(args, context);
      let key = 1;
      for (let index = 0; index < args.length; index += 1) key = key * 8 + typeOf(args[index]);
      let plan = plans.get(key);
      if (plan === undefined) {
        plan = planOf(signature, args);
        plans.set(key, plan);
      }
      if (plan === 'as they are') return args;
      return (plan === 'by the library' ? undefined : take(plan, args, context)) ?? signature.validate(args, context);
    },
  };
}

function planOf({ params, regex }: LibrarySignature, args: readonly unknown[]): Plan {
  const match = regex.exec(args.map(letterOf).join(''));
  if (match === null) return 'by the library';
  const plan: Taken[] = [];
  for (const [index, parameter] of params.entries()) {
    const letter = match[index + 1] ?? '';
    if (letter.length > 1) return 'by the library';
    const isContext = letter === '' && parameter.context === true && parameter.contextRegex !== undefined;
    const from = plan.reduce((taken, { as }) => taken + (as === 'context' ? 0 : 1), 0);
    const isWrong = parameter.type === 'a' && !'am'.includes(letter) && parameter.subtype !== undefined;
    if (isWrong && letter !== parameter.subtype) return 'by the library';
    const as = isContext ? 'context' : letter === '' || parameter.type !== 'a' ? 'it is' : arrayFrom(letter, parameter);
    plan.push({ from, as, type: parameter.subtype?.charAt(0) ?? '', accepts: parameter.contextRegex });
  }
  return plan.every(({ from, as }, index) => as === 'it is' && from === index) && plan.length >= args.length
    ? 'as they are'
    : plan;
}

function arrayFrom(letter: string, { subtype }: Parameter): Taken['as'] {
  if (letter === 'm') return 'missing';
  if (letter !== 'a') return 'item';
  return subtype === undefined ? 'it is' : 'items';
}

/** Undefined if an argument is refused. */
function take(plan: readonly Taken[], args: readonly unknown[], context: unknown): unknown[] | undefined {
  const taken = new Array<unknown>(plan.length);
  for (const [place, { from, as, type, accepts }] of plan.entries()) {
    const argument = args[from];
    switch (as) {
      case 'it is':
        taken[place] = argument;
        break;
      case 'missing':
        break;
      case 'item':
        taken[place] = [argument];
        break;
      case 'context':
        if (accepts?.test(letterOf(context)) !== true) return undefined;
        taken[place] = context;
        break;
      case 'items':
        if (!Array.isArray(argument)) return undefined;
        for (let index = 0; index < argument.length; index += 1)
          if (letterOf(argument[index]) !== type) return undefined;
        taken[place] = argument;
        break;
    }
  }
  return taken;
}

function letterOf(value: unknown): string {
  return TYPES.charAt(typeOf(value));
}

/** The type of a value, as a place in {@link TYPES}. */
function typeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 1;
    case 'number':
      return 2;
    case 'boolean':
      return 3;
    case 'function':
      return 7;
    case 'object':
      if (value === null) return 4;
      if (Array.isArray(value)) return 5;
      return isFunctionObject(value) ? 7 : 6;
    default:
      return 0;
  }
}

/** The library's own mark of functions that are objects. */
function isFunctionObject(value: { _jsonata_function?: unknown; _jsonata_lambda?: unknown }): boolean {
  return value._jsonata_function === true || value._jsonata_lambda === true;
}
