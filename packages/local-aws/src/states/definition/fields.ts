import type { JsonObject } from '@tweet-pipes/kit/json';
import type { State } from './definition.ts';
import type { Violations } from './violations.ts';

/** The fields of each state type in JSONata, without `Type`, `Comment` and `QueryLanguage`, which every state has. */
export const STATE_FIELDS: Readonly<Record<State['type'], readonly string[]>> = {
  Task: [
    'Resource',
    'Arguments',
    'TimeoutSeconds',
    'HeartbeatSeconds',
    'Retry',
    'Catch',
    'Assign',
    'Output',
    'Next',
    'End',
  ],
  Wait: ['Seconds', 'Timestamp', 'Assign', 'Output', 'Next', 'End'],
  Pass: ['Assign', 'Output', 'Next', 'End'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Parallel: ['Branches', 'Arguments', 'Retry', 'Catch', 'Assign', 'Output', 'Next', 'End'],
  Map: [
    'Items',
    'ItemSelector',
    'MaxConcurrency',
    'ItemProcessor',
    'Retry',
    'Catch',
    'Assign',
    'Output',
    'Next',
    'End',
  ],
};

/** All state types. */
export const STATE_TYPES = Object.keys(STATE_FIELDS);

const JSONPATH_FIELDS = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'Result',
  'ItemsPath',
  'MaxConcurrencyPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'ToleratedFailurePercentagePath',
  'ToleratedFailureCountPath',
];

/** Fields that AWS takes, with the reason why they are refused here. */
const ONLY_HERE: ReadonlyMap<string, string> = new Map([
  ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'].map(
    (field) => [field, 'belongs to the Distributed mode of Map, which the local runtime does not support'] as const,
  ),
  ['Credentials', 'is not supported by the local runtime: a task cannot assume another role'],
]);

/** Reports every member of `object` that is not in `allowed`, those of JSONPath in AWS's words. */
export function refuseUnknownFields(
  object: JsonObject,
  allowed: readonly string[],
  place: string,
  violations: Violations,
): void {
  for (const field of Object.keys(object)) {
    if (allowed.includes(field)) continue;
    const reason = ONLY_HERE.get(field);
    if (reason === undefined) violations.add(place, fieldProblem(field));
    else violations.addOnlyHere(place, `Field '${field}' ${reason}`);
  }
}

function fieldProblem(field: string): string {
  if (JSONPATH_FIELDS.includes(field))
    return `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`;
  return `Field '${field}' ${field === 'Iterator' ? 'is the old name of ItemProcessor and ' : ''}is not supported`;
}

/** Reports missing members in AWS's words. Returns whether all are present. */
export function requireFields(
  object: JsonObject,
  required: readonly string[],
  place: string,
  violations: Violations,
): boolean {
  const missing = required.filter((field) => object[field] === undefined);
  if (missing.length > 0) violations.add(place, `These fields are required: [${missing.join(', ')}]`);
  return missing.length === 0;
}
