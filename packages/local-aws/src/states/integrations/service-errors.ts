import { StateError } from '../errors.ts';

/**
 * How Step Functions names the errors of a service. Optimized and SDK integrations differ, also in case.
 */
export interface ErrorNaming {
  /** `DynamoDB` for the optimized integration, `DynamoDb` for the SDK one. */
  readonly prefix: string;
  /** The name for errors that are not in the service's API model (`ValidationException`). */
  readonly unmodelled: string;
  /** The service's name in causes. */
  readonly service: string;
  /**
   * Optimized integrations use version 1 of the Java SDK, the others version 2. Each has its own cause text.
   */
  readonly sdk: 'java-1' | 'java-2';
  /** S3 only. */
  readonly hasExtendedRequestId?: boolean;
}

/** The used part of an SDK client's exceptions. Every client package exports its own base class. */
interface ServiceException extends Error {
  readonly $metadata: { httpStatusCode?: number; requestId?: string; extendedRequestId?: string };
}
type ServiceExceptionClass = abstract new (...args: never[]) => ServiceException;

/**
 * The task failure that AWS reports for an exception of an SDK client. `base` is the client's base exception: an error
 * of exactly that class is not in the API model. A call without an answer (connection refused, reset, timed out) fails
 * with `<prefix>.SdkClientException`. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export function taskError(thrown: unknown, naming: ErrorNaming, base: ServiceExceptionClass): StateError {
  if (thrown instanceof base) {
    const isModelled = Object.getPrototypeOf(thrown) !== base.prototype;
    return serviceFailure(thrown, isModelled, naming);
  }
  // The SDK rejected arguments of a wrong type before it sent anything. A retry cannot help.
  if (thrown instanceof TypeError || thrown instanceof RangeError) {
    return new StateError('States.Runtime', `The Parameters could not be used to start the Task: [${thrown.message}]`);
  }
  return new StateError(`${naming.prefix}.SdkClientException`, `Unable to execute HTTP request: ${describe(thrown)}`);
}

/**
 * The task failure for an error that the service answered. `isModelled`: the error is in the service's API model.
 */
export function serviceFailure(thrown: ServiceException, isModelled: boolean, naming: ErrorNaming): StateError {
  const name = isModelled ? exceptionName(thrown.name) : naming.unmodelled;
  return new StateError(`${naming.prefix}.${name}`, causeText(thrown, naming));
}

/**
 * Java class names all end in Exception: `InternalServerError` becomes `InternalServerErrorException`, `NoSuchKey`
 * `NoSuchKeyException`.
 */
function exceptionName(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

function causeText(thrown: ServiceException, naming: ErrorNaming): string {
  const { httpStatusCode, requestId, extendedRequestId } = thrown.$metadata;
  if (naming.sdk === 'java-1') {
    return `${thrown.message} (Service: ${naming.service}; Status Code: ${httpStatusCode}; Error Code: ${thrown.name}; Request ID: ${requestId}; Proxy: null)`;
  }
  const extended = naming.hasExtendedRequestId === true ? `, Extended Request ID: ${extendedRequestId}` : '';
  return `${thrown.message} (Service: ${naming.service}, Status Code: ${httpStatusCode}, Request ID: ${requestId}${extended})`;
}

/** Node reports a refused connection to several addresses as an AggregateError without a message. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return thrown.message === '' ? code || thrown.name : thrown.message;
}
