/** A transition between states. */
export interface Transition {
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'default' | 'catch';
  /** Of a choice its condition, of a catch its errors. */
  readonly label?: string;
}

/** A state of a definition, as the graph needs it. */
export interface DefinedState {
  readonly name: string;
  readonly type: string;
  /** `dynamodb:updateItem`, of a Task. */
  readonly resource?: string;
  readonly comment?: string;
  readonly transitions: readonly Transition[];
  readonly isEnd: boolean;
  /** The machine of a Map, the branches of a Parallel. */
  readonly inner: readonly DefinedMachine[];
}

/** States that follow each other. */
export interface DefinedMachine {
  readonly startAt: string;
  readonly states: readonly DefinedState[];
}

/** Reads a definition in Amazon States Language; undefined for a text that is none. */
export function readDefinition(text: string): DefinedMachine | undefined {
  try {
    return readMachine(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A machine's states in order, those inside of others included. */
export function allStates(machine: DefinedMachine): readonly DefinedState[] {
  return machine.states.flatMap((state) => [state, ...state.inner.flatMap(allStates)]);
}

type Members = Readonly<Record<string, unknown>>;

function readMachine(value: unknown): DefinedMachine | undefined {
  if (!isMembers(value) || !isMembers(value.States) || typeof value.StartAt !== 'string') return undefined;
  const states = Object.entries(value.States).flatMap(([name, state]) =>
    isMembers(state) ? [readState(name, state)] : [],
  );
  return { startAt: value.StartAt, states };
}

function readState(name: string, state: Members): DefinedState {
  const type = text(state.Type) ?? 'Pass';
  const resource = text(state.Resource)?.replace(/^arn:[^:]*:states:[^:]*:[^:]*:(?:aws-sdk:)?/, '');
  const comment = text(state.Comment);
  const machines = [state.ItemProcessor ?? state.Iterator, ...list(state.Branches)];
  return {
    name,
    type,
    ...(resource === undefined ? {} : { resource }),
    ...(comment === undefined ? {} : { comment }),
    transitions: [...transitionsOf(state)],
    isEnd: state.End === true || type === 'Succeed' || type === 'Fail',
    inner: machines.flatMap((machine) => readMachine(machine) ?? []),
  };
}

function* transitionsOf(state: Members): Iterable<Transition> {
  const next = text(state.Next);
  if (next !== undefined) yield { to: next, kind: 'next' };
  for (const rule of list(state.Choices)) {
    const to = text(rule.Next);
    if (to !== undefined) yield { to, kind: 'choice', label: conditionText(rule) };
  }
  const otherwise = text(state.Default);
  if (otherwise !== undefined) yield { to: otherwise, kind: 'default', label: 'Default' };
  for (const catcher of list(state.Catch)) {
    const to = text(catcher.Next);
    if (to !== undefined) yield { to, kind: 'catch', label: `Catch ${texts(catcher.ErrorEquals).join(', ')}` };
  }
}

/** `{% $count(x) > 0 %}` → `$count(x) > 0`; a rule of JSONPath as its JSON. */
function conditionText(rule: Members): string {
  const condition = text(rule.Condition);
  if (condition !== undefined) return condition.replace(/^\{%\s*|\s*%\}$/g, '').replaceAll(/\s+/g, ' ');
  const { Next: _, Comment: __, Assign: ___, Output: ____, ...test } = rule;
  return JSON.stringify(test);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
