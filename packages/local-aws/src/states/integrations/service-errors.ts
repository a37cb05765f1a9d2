import { StateError } from '../errors.ts';

/**
 * How Step Functions names the errors of one service in one kind of integration; the two kinds differ, also in case.
 */
export interface ErrorNaming {
  /** `DynamoDB` for the optimized integration, `DynamoDb` for the SDK one. */
  readonly prefix: string;
  /** The error's name when the service's API model does not know it (`ValidationException`). */
  readonly unmodelled: string;
  /** The service as the cause names it. */
  readonly service: string;
  /**
   * Optimized integrations speak through version 1 of the Java SDK, the others through version 2; each has its own
   * cause text.
   */
  readonly sdk: 'java-1' | 'java-2';
  /** S3 only. */
  readonly hasExtendedRequestId?: boolean;
}

/** The part of an SDK client's exceptions that is read here. Every client package exports its own base class. */
interface ServiceException extends Error {
  readonly $metadata: { httpStatusCode?: number; requestId?: string; extendedRequestId?: string };
}
type ServiceExceptionClass = abstract new (...args: never[]) => ServiceException;

/**
 * The task failure that AWS reports for what an SDK client threw. `base` is the client's base exception: an error of
 * exactly that class is not modelled. What is no answer of the service at all (connection refused, reset, timed out) is
 * `<prefix>.SdkClientException`. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export function taskError(thrown: unknown, naming: ErrorNaming, base: ServiceExceptionClass): StateError {
  if (thrown instanceof base) {
    const isModelled = Object.getPrototypeOf(thrown) !== base.prototype;
    return serviceFailure(thrown, isModelled, naming);
  }
  // The SDK stumbled over arguments of a wrong type before anything was sent: trying again would not help.
  if (thrown instanceof TypeError || thrown instanceof RangeError) {
    return new StateError('States.Runtime', `The Parameters could not be used to start the Task: [${thrown.message}]`);
  }
  return new StateError(`${naming.prefix}.SdkClientException`, `Unable to execute HTTP request: ${describe(thrown)}`);
}

/**
 * The task failure for an answer in which the service refuses a call. `isModelled`: its API model knows the error's
 * name.
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
