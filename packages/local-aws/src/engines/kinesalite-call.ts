import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Store } from 'kinesalite/db/index.js';
import validations from 'kinesalite/validations/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import { unsupportedOperation } from '../gateway/errors.ts';
import { kinesaliteOperations } from './kinesalite-operations.ts';

/**
 * Runs one operation in process. kinesalite's own HTTP listener throws an uncaught error when a caller disconnects.
 * Throws {@link AwsError} with AWS's code and text.
 */
export async function callKinesalite(
  store: Store,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const found = Object.hasOwn(kinesaliteOperations, operation) ? kinesaliteOperations[operation] : undefined;
  if (found === undefined) throw unsupportedOperation('kinesis', operation);
  const data = checkInput(operation, input, found.input);
  try {
    return await new Promise((resolve, reject) => {
      found.run(store, data, (error, output) => (error ? reject(error) : resolve(output ?? {})));
    });
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

/**
 * The input's members of the right types, without nulls. Throws {@link AwsError} with AWS's code and text. A member
 * that the types do not have is an error; kinesalite itself ignores it.
 */
export function checkInput(
  operation: string,
  input: Record<string, unknown>,
  { types, custom }: { types: Record<string, object>; custom?: unknown },
): Record<string, unknown> {
  for (const member of Object.keys(input)) {
    if (input[member] !== null && types[member] === undefined) {
      throw new AwsError('ValidationException', `${operation} with ${member} is not supported by the local endpoint.`);
    }
  }
  try {
    const data = validations.checkTypes(input, types);
    validations.checkValidations(data, types, custom, operation);
    return data;
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

/** kinesalite's errors contain the answer: `{statusCode, body: {__type, message}}`. */
function refusal(error: unknown): AwsError | undefined {
  if (!(error instanceof Error) || !('body' in error) || !isJsonObject(error.body)) return undefined;
  const { __type: type, message, Message } = error.body;
  if (typeof type !== 'string') return undefined;
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 400;
  return new AwsError(type, String(message ?? Message ?? type), { statusCode });
}
