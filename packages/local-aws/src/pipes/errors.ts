import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * A parameter that AWS refuses or this runtime does not support. `path` is the member path in API spelling. Not
 * retryable.
 */
export function validationError(path: string, reason: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: Value at '${path}' ${reason}`);
}

export function notFound(name: string): AwsError {
  return new AwsError('NotFoundException', `Pipe ${name} does not exist.`, { statusCode: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { statusCode: 409 });
}

/**
 * How a failed call is treated
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html):
 * - `customer`: an error in a definition, a permission or a function. Counts against `MaximumRetryAttempts`.
 * - `internal`: a failed connection, a throttled or unavailable service. Retried without being counted.
 * - `fatal`: not retryable (a Standard workflow called synchronously). The pipe stops without a checkpoint.
 */
export type FailureKind = 'customer' | 'internal' | 'fatal';

const throttlingNames = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ServiceUnavailableException',
  'RequestLimitExceeded',
  'ExecutionLimitExceeded',
]);

/**
 * A failed call of an enrichment, a target or a source. `service` is the failing API (`states`), for the pipe's log.
 */
export class DeliveryFailure extends Error {
  readonly kind: FailureKind;
  readonly service: string;
  readonly httpStatusCode: number | undefined;
  readonly requestId: string | undefined;

  constructor(
    kind: FailureKind,
    name: string,
    message: string,
    details: { service: string; httpStatusCode?: number | undefined; requestId?: string | undefined; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = name;
    this.kind = kind;
    this.service = details.service;
    this.httpStatusCode = details.httpStatusCode;
    this.requestId = details.requestId;
  }

  /** Whether the call was throttled. The log has its own message type for that. */
  get throttled(): boolean {
    return this.httpStatusCode === 429 || throttlingNames.has(this.name);
  }
}

const sdkError = z.object({
  name: z.string(),
  message: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional(), requestId: z.string().optional() }).optional(),
});

/**
 * Classifies what a call threw. No HTTP answer, 5xx and throttling are `internal`; every other 4xx is `customer`. So is
 * an error from outside the SDK, since a defect must not block its shard forever.
 */
export function deliveryFailure(thrown: unknown, service: string): DeliveryFailure {
  if (thrown instanceof DeliveryFailure) return thrown;
  const parsed = sdkError.safeParse(thrown);
  if (!parsed.success)
    return new DeliveryFailure('customer', 'UnknownError', String(thrown), { service, cause: thrown });
  const { name, message, $metadata: metadata } = parsed.data;
  const status = metadata?.httpStatusCode;
  const customer =
    metadata === undefined ||
    (status !== undefined && status >= 400 && status < 500 && status !== 429 && !throttlingNames.has(name));
  return new DeliveryFailure(customer ? 'customer' : 'internal', name, message, {
    service,
    httpStatusCode: status,
    requestId: metadata?.requestId,
    cause: thrown,
  });
}
