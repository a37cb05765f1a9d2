import { isJsonObject } from '@tweet-pipes/kit/json';
import { integrations } from '../integrations/catalog.ts';
import type { Integration } from '../integrations/integration.ts';
import { fromTimestamp } from '../timestamp.ts';
import type { ChoiceRule, State, StateGraph, WaitState } from './definition.ts';
import { readErrorHandling, readExit } from './error-handling.ts';
import { refuseUnknownFields, requireFields, STATE_FIELDS, STATE_TYPES } from './fields.ts';
import { type QueryLanguage, readQueryLanguage, refuseJsonPath } from './query-language.ts';
import type { Reader } from './reader.ts';
import { AFTER_RESULT, INPUT_ONLY } from './scope.ts';

const ALWAYS = ['Type', 'Comment', 'QueryLanguage'];
const TASK_SECONDS = { min: 1, max: 99_999_999 };

/** STANDARD machines are only checked; the local runtime does not run them. */
export type MachineType = 'STANDARD' | 'EXPRESS';

/** What a state must know of its machine. */
export interface MachineKind {
  readonly type: MachineType;
  readonly language: QueryLanguage;
}

/** Reads a graph inside a Map or Parallel state. `allowed` are fields beside those of every graph. */
export type ReadGraph = (object: unknown, place: string, allowed: readonly string[]) => StateGraph;

/**
 * Reads one state of a machine and reports violations to its reader. Undefined when the type is unknown or the state is
 * in JSONPath; the states inside it are read and checked nevertheless.
 */
export function readState(name: string, state: Reader, machine: MachineKind, readGraph: ReadGraph): State | undefined {
  const isJsonPath = readQueryLanguage(state, machine.language) === 'JSONPath';
  if (isJsonPath) refuseJsonPath(name, state, machine.language);
  const type = state.get('Type');
  if (!isStateType(type)) {
    state.refuse('Type', `The field 'Type' should have one of these values: [${STATE_TYPES.join(', ')}]`);
    return undefined;
  }
  state.text('Comment');
  if (isJsonPath) {
    checkTransition(type, state);
    readInnerGraphs(type, state, machine, readGraph);
    return undefined;
  }
  refuseUnknownFields(state.object, [...ALWAYS, ...STATE_FIELDS[type]], state.place, state.violations);
  checkTransition(type, state);
  switch (type) {
    case 'Task':
      return {
        type,
        name,
        integration: readIntegration(state, machine.type),
        arguments: state.template('Arguments', INPUT_ONLY),
        ...readTimeouts(state),
        ...readErrorHandling(state),
        exit: readExit(state, AFTER_RESULT),
      };
    case 'Pass':
      return { type, name, exit: readExit(state, INPUT_ONLY) };
    case 'Choice':
      return {
        type,
        name,
        choices: readChoices(state),
        otherwise: { ...readExit(state, INPUT_ONLY), next: state.text('Default') },
      };
    case 'Wait':
      return { type, name, until: readUntil(state), exit: readExit(state, INPUT_ONLY) };
    case 'Succeed':
      return { type, name, output: state.template('Output', INPUT_ONLY) };
    case 'Fail':
      return { type, name, error: readFailText(state, 'Error'), cause: readFailText(state, 'Cause') };
    case 'Map':
      return readMap(name, state, machine, readGraph);
    case 'Parallel':
      return readParallel(name, state, readGraph);
  }
}

function isStateType(value: unknown): value is State['type'] {
  return typeof value === 'string' && STATE_TYPES.includes(value);
}

/** Reports a state without exactly one of Next and End. Choice, Succeed and Fail have neither. */
function checkTransition(type: State['type'], state: Reader): void {
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return;
  const end = state.boolean('End');
  if (end === false) state.refuse('End', "The field 'End' can only be true");
  const hasNext = state.get('Next') !== undefined;
  if (hasNext === (state.get('End') !== undefined)) {
    state.violations.add(state.place, "Exactly one of the fields 'Next' and 'End' is required");
  }
}

function readIntegration(state: Reader, type: MachineType): Integration {
  const resource = state.text('Resource');
  if (resource === undefined) {
    if (state.get('Resource') === undefined) requireFields(state.object, ['Resource'], state.place, state.violations);
    return NO_INTEGRATION;
  }
  const known = integrations.get(resource);
  if (known !== undefined) {
    checkArgumentNames(state, known);
    return known;
  }
  refuseResource(resource, type, state);
  return NO_INTEGRATION;
}

function checkArgumentNames(state: Reader, integration: Integration): void {
  const value = state.get('Arguments');
  if (!isJsonObject(value)) return;
  for (const name of Object.keys(value)) {
    if (!integration.argumentNames.has(name)) {
      state.refuse(
        'Arguments',
        `The field "${name}" is not supported by Step Functions for ${integration.resourceType}:${integration.action}`,
      );
    }
  }
}

function refuseResource(resource: string, type: MachineType, state: Reader): void {
  const feature = standardFeature(resource);
  if (feature !== undefined) {
    refuseFeature(feature, 'Resource', type, state);
    return;
  }
  state.violations.addOnlyHere(
    `${state.place}/Resource`,
    `The resource provided ${resource} is not recognized. The value is not a valid resource ARN, or the resource is ` +
      `not available in the local runtime, which knows: ${[...integrations.keys()].join(', ')}`,
  );
}

/** Reports what only STANDARD machines may have. AWS refuses it of Express machines. */
function refuseFeature(feature: string, field: string, type: MachineType, state: Reader): void {
  if (type === 'EXPRESS') state.refuse(field, `Express state machine does not support ${feature}`);
  else state.violations.addOnlyHere(`${state.place}/${field}`, `The local runtime does not support ${feature}`);
}

/** The feature of STANDARD machines that a resource asks for. AWS's words end one of them with a space. */
function standardFeature(resource: string): string | undefined {
  if (resource.includes('.waitForTaskToken')) return "'.waitForTaskToken' service integration ";
  if (/\.sync(:\d+)?$/.test(resource)) return "'.sync' service integration";
  return /^arn:[^:]+:states:[^:]*:[^:]*:activity:/.test(resource) ? 'Activity ARN' : undefined;
}

/** Stands in for a resource that was refused, so that reading can go on and find more. */
const NO_INTEGRATION: Integration = {
  resource: '',
  resourceType: '',
  action: '',
  argumentNames: new Set(),
  call: () => Promise.reject(new Error('A refused definition was run.')),
};

function readTimeouts(state: Reader) {
  const timeoutSeconds = state.numberTemplate('TimeoutSeconds', TASK_SECONDS, INPUT_ONLY);
  const heartbeatSeconds = state.numberTemplate('HeartbeatSeconds', TASK_SECONDS, INPUT_ONLY);
  const timeout = state.get('TimeoutSeconds');
  const heartbeat = state.get('HeartbeatSeconds');
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    state.refuse('HeartbeatSeconds', 'HeartbeatSeconds must be smaller than TimeoutSeconds');
  }
  return { timeoutSeconds, heartbeatSeconds };
}

function readChoices(state: Reader): ChoiceRule[] {
  if (!requireFields(state.object, ['Choices'], state.place, state.violations)) return [];
  const rules = state.objects('Choices');
  if (Array.isArray(state.get('Choices')) && rules.length === 0) state.refuse('Choices', 'Value cannot be empty');
  return rules.flatMap((rule, index) => {
    refuseUnknownFields(rule.object, ['Condition', 'Next', 'Assign', 'Output', 'Comment'], rule.place, rule.violations);
    requireFields(rule.object, ['Condition', 'Next'], rule.place, rule.violations);
    const exit = readExit(rule, INPUT_ONLY);
    const condition = rule.template('Condition', INPUT_ONLY);
    if (condition?.kind === 'constant' && typeof condition.value !== 'boolean') {
      rule.refuse('Condition', 'Expected a boolean or a JSONata expression');
    }
    return condition === undefined ? [] : [{ condition, location: `Choices[${index}]/Condition`, exit }];
  });
}

function readUntil(state: Reader): WaitState['until'] {
  const seconds = state.numberTemplate('Seconds', { min: 0, max: 99_999_999 }, INPUT_ONLY);
  const timestamp = state.template('Timestamp', INPUT_ONLY);
  if ((seconds === undefined) === (timestamp === undefined)) {
    state.violations.add(state.place, "Exactly one of the fields 'Seconds' and 'Timestamp' is required");
  }
  if (
    timestamp?.kind === 'constant' &&
    (typeof timestamp.value !== 'string' || fromTimestamp(timestamp.value) === undefined)
  ) {
    state.refuse('Timestamp', 'String does not match RFC3339 timestamp');
  }
  if (seconds !== undefined) return { kind: 'Seconds', value: seconds };
  return { kind: 'Timestamp', value: timestamp ?? { kind: 'constant', value: null } };
}

function readFailText(state: Reader, field: 'Error' | 'Cause') {
  const template = state.template(field, INPUT_ONLY);
  if (
    template !== undefined &&
    template.kind !== 'expression' &&
    !(template.kind === 'constant' && typeof template.value === 'string')
  ) {
    state.refuse(field, 'Expected value of type String');
  }
  return template;
}

function readMap(name: string, state: Reader, machine: MachineKind, readGraph: ReadGraph): State {
  requireFields(state.object, ['ItemProcessor'], state.place, state.violations);
  const items = state.template('Items', INPUT_ONLY);
  if (items?.kind === 'constant' && !Array.isArray(items.value) && !isJsonObject(items.value)) {
    state.refuse('Items', 'Expected an array, an object or a JSONata expression');
  }
  return {
    type: 'Map',
    name,
    items,
    itemSelector: state.template('ItemSelector', INPUT_ONLY),
    maxConcurrency: state.numberTemplate('MaxConcurrency', { min: 0, max: 1_000_000_000 }, INPUT_ONLY),
    processor: readProcessor(state, machine.type, readGraph),
    ...readErrorHandling(state),
    exit: readExit(state, AFTER_RESULT),
  };
}

function readProcessor(state: Reader, type: MachineType, readGraph: ReadGraph): StateGraph {
  const processor = state.get('ItemProcessor');
  if (isJsonObject(processor)) checkProcessorConfig(state, processor.ProcessorConfig, type);
  return readGraph(processor, `${state.place}/ItemProcessor`, ['ProcessorConfig']);
}

function checkProcessorConfig(state: Reader, config: unknown, type: MachineType): void {
  if (config === undefined) return;
  const field = 'ItemProcessor/ProcessorConfig';
  if (!isJsonObject(config)) {
    state.refuse(field, 'Expected value of type Object');
    return;
  }
  refuseUnknownFields(config, ['Mode'], `${state.place}/${field}`, state.violations);
  const mode = config.Mode ?? 'INLINE';
  if (mode === 'DISTRIBUTED') refuseFeature("'DISTRIBUTED' mode", `${field}/Mode`, type, state);
  else if (mode !== 'INLINE') state.refuse(`${field}/Mode`, 'The field should have one of these values: [INLINE]');
}

function readParallel(name: string, state: Reader, readGraph: ReadGraph): State {
  return {
    type: 'Parallel',
    name,
    arguments: state.template('Arguments', INPUT_ONLY),
    branches: readBranches(state, readGraph),
    ...readErrorHandling(state),
    exit: readExit(state, AFTER_RESULT),
  };
}

function readBranches(state: Reader, readGraph: ReadGraph): StateGraph[] {
  requireFields(state.object, ['Branches'], state.place, state.violations);
  const branches = state.get('Branches') ?? [];
  if (!Array.isArray(branches)) {
    state.refuse('Branches', 'Expected value of type Array');
    return [];
  }
  if (branches.length === 0 && state.get('Branches') !== undefined) state.refuse('Branches', 'Value cannot be empty');
  return branches.map((branch, index) => readGraph(branch, `${state.place}/Branches[${index}]`, []));
}

/** Reads the states inside a Map or Parallel state that is not read itself, to report their violations. */
function readInnerGraphs(type: State['type'], state: Reader, machine: MachineKind, readGraph: ReadGraph): void {
  if (type === 'Map') {
    readProcessor(state, machine.type, readGraph);
    readGraph(state.get('Iterator'), `${state.place}/Iterator`, []);
  }
  if (type === 'Parallel') readBranches(state, readGraph);
}
