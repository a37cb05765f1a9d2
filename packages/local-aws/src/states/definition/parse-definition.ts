import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { parseBoundedJson } from '../../bounded-json.ts';
import type { Definition, State, StateGraph } from './definition.ts';
import { refuseUnknownFields, requireFields } from './fields.ts';
import { readQueryLanguage } from './query-language.ts';
import { type MachineKind, type MachineType, readState } from './read-state.ts';
import { Reader } from './reader.ts';
import { checkTransitions } from './transitions.ts';
import { checkScopes } from './variable-scopes.ts';
import { type Violation, Violations } from './violations.ts';

const ROOT_FIELDS = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const GRAPH_FIELDS = ['StartAt', 'States', 'Comment'];
const STATE_NAME_CHARACTERS = 80;
const LONE_STATE = 'StateName';

/**
 * Checks and compiles the definition of an Express state machine whose states are all in JSONata, given as the JSON
 * text of `CreateStateMachine`. Throws `InvalidDefinition` with every violation, each with its code and path.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html}
 */
export function parseDefinition(text: string): Definition {
  const { definition, violations } = readDefinition(text, 'EXPRESS');
  if (definition === undefined || violations.found.length > 0) throw violations.refusal();
  return { ...definition, definitionBytes: Buffer.byteLength(text), fanOutStates: countFanOut(definition) };
}

/**
 * Every violation of a definition that shall run as `type`; empty when it is valid. What the local runtime does not run
 * is a violation too, and says so.
 */
export function findViolations(text: string, type: MachineType): readonly Violation[] {
  return readDefinition(text, type).violations.found;
}

/** Checks and compiles the states of a machine of either type. Throws `InvalidDefinition`. */
export function parseMachine(text: string): StateGraph {
  const { definition, violations } = readDefinition(text, 'STANDARD');
  if (definition === undefined || violations.found.length > 0) throw violations.refusal();
  return definition;
}

/**
 * Checks and compiles one state that is given without its machine. Its place in causes is `/States/StateName`, as on
 * AWS. Where it goes next is not checked. Throws `InvalidDefinition`.
 */
export function parseLoneState(text: string): State {
  const violations = new Violations();
  const object = parseJson(text, violations);
  const state = object && readLoneState(object, violations);
  if (state === undefined || violations.found.length > 0) throw violations.refusal();
  return state;
}

function readLoneState(object: JsonObject, violations: Violations): State | undefined {
  const machine: Machine = { type: 'STANDARD', language: 'JSONPath', names: new Set([LONE_STATE]), violations };
  const reader = new Reader(object, `/States/${LONE_STATE}`, violations);
  const state = readState(LONE_STATE, reader, machine, (inner, place, allowed) =>
    readGraph(inner, place, allowed, machine),
  );
  if (state !== undefined) checkScopes({ startAt: LONE_STATE, states: new Map([[LONE_STATE, state]]) }, violations);
  return state;
}

function readDefinition(text: string, type: MachineType) {
  const violations = new Violations();
  const object = parseJson(text, violations);
  if (object === undefined) return { violations };
  const root = new Reader(object, '', violations);
  const language = readQueryLanguage(root, 'JSONPath');
  const version = root.text('Version');
  if (version !== undefined && version !== '1.0')
    root.refuse('Version', "The field should have one of these values: ['1.0']");
  const graph = readGraph(object, '', ROOT_FIELDS, { type, language, names: new Set(), violations });
  const timeoutSeconds = root.number('TimeoutSeconds', { min: 1, max: 99_999_999 });
  checkScopes(graph, violations);
  return { definition: { ...graph, comment: root.text('Comment'), timeoutSeconds }, violations };
}

function parseJson(text: string, violations: Violations): JsonObject | undefined {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (error) {
    violations.addOverall(error instanceof Error ? error.message : String(error), 'INVALID_JSON_DESCRIPTION');
    return undefined;
  }
  if (isJsonObject(value)) return value;
  violations.addOverall('Definition must be a valid JSON object');
  return undefined;
}

/** What all graphs of a machine share. */
interface Machine extends MachineKind {
  /** The names of all states that were read. */
  readonly names: Set<string>;
  readonly violations: Violations;
}

function readGraph(value: unknown, place: string, extra: readonly string[], machine: Machine): StateGraph {
  const { names, violations } = machine;
  const states = new Map<string, State>();
  if (!isJsonObject(value)) {
    // The caller has reported a missing member.
    if (value !== undefined) violations.add(place, 'Expected value of type Object');
    return { startAt: '', states };
  }
  const reader = new Reader(value, place, violations);
  refuseUnknownFields(value, [...GRAPH_FIELDS, ...extra], place, violations);
  requireFields(value, ['States', 'StartAt'], place, violations);
  const members = value.States ?? {};
  if (!isJsonObject(members)) reader.refuse('States', 'Expected value of type Object');
  const own = isJsonObject(members) ? Object.entries(members) : [];
  if (own.length === 0 && value.States !== undefined) reader.refuse('States', 'Value cannot be empty');
  for (const [name, member] of own) {
    const at = `${place}/States/${name}`;
    checkName(name, at, names, violations);
    if (!isJsonObject(member)) {
      violations.add(at, 'Expected value of type Object');
      continue;
    }
    const state = readState(name, new Reader(member, at, violations), machine, (inner, innerPlace, allowed) =>
      readGraph(inner, innerPlace, allowed, machine),
    );
    if (state !== undefined) states.set(name, state);
  }
  const graph = { startAt: reader.text('StartAt') ?? '', states };
  checkTransitions(graph, new Map(own), place, violations);
  return graph;
}

/** Reports a name that is too long, empty or used elsewhere in the machine, branches included. */
function checkName(name: string, at: string, names: Set<string>, violations: Violations): void {
  if (name.length === 0 || name.length > STATE_NAME_CHARACTERS) {
    violations.add(at, `A state's name must have 1 to ${STATE_NAME_CHARACTERS} characters`);
  }
  if (names.has(name)) violations.add(at, `Duplicate State name: ${name}`, 'DUPLICATE_STATE_NAME');
  names.add(name);
}

function countFanOut(graph: StateGraph): number {
  let count = 0;
  for (const state of graph.states.values()) {
    if (state.type === 'Map') count += 1 + countFanOut(state.processor);
    if (state.type === 'Parallel') count += state.branches.reduce((sum, branch) => sum + countFanOut(branch), 1);
  }
  return count;
}
