import type { Reader } from './reader.ts';

/** The languages that a machine or a state may name. The local runtime runs states in JSONata only. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/**
 * Reads the language of a machine or a state and reports names that do not exist. Only the exact name `JSONPath` means
 * JSONPath, as AWS resolves it; without the field it is `inherited`. A machine inherits JSONPath. A state inherits the
 * language of the machine, also inside a Map or Parallel state that names another.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html}
 */
export function readQueryLanguage(reader: Reader, inherited: QueryLanguage): QueryLanguage {
  const value = reader.get('QueryLanguage');
  if (value === undefined) return inherited;
  if (value === 'JSONPath' || value === 'JSONata') return value;
  const problem =
    typeof value === 'string'
      ? 'Value should be one of the following: [JSONPath, JSONata]'
      : 'Expected value of type [STRING]';
  reader.refuse('QueryLanguage', problem);
  return 'JSONata';
}

/** Fields that AWS refuses on a state in JSONPath. Assign is not among them. */
const JSONATA_FIELDS = ['Arguments', 'Items', 'Output'];

/**
 * Reports a state in JSONPath: in AWS's words where AWS refuses it, otherwise with what to do. In a machine in JSONata
 * AWS reports nothing about the state's fields: https://github.com/floci-io/floci/issues/2968
 */
export function refuseJsonPath(name: string, state: Reader, machine: QueryLanguage): void {
  const refuse = (problem: string) => state.violations.add(state.place, problem);
  if (machine === 'JSONata') {
    refuse("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    return;
  }
  state.violations.addOnlyHere(
    state.place,
    `State '${name}' uses JSONPath, which the local runtime does not run. ` +
      'Set "QueryLanguage": "JSONata" in this state or for the whole state machine',
  );
  for (const field of JSONATA_FIELDS) {
    if (state.get(field) !== undefined)
      refuse(
        `The QueryLanguage is set to 'JSONPath', but field '${field}' is only supported for the 'JSONata' QueryLanguage`,
      );
  }
}
