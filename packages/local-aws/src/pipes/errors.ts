import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * A parameter that AWS would refuse, or that this runtime does not honour. `path` is the member path in API spelling;
 * do not retry.
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
 * How a failed call weighs
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html):
 * - `customer`: our definition, permissions or logic; counts against `MaximumRetryAttempts`;
 * - `internal`: a connection that failed, a throttled or unavailable service; retried without being counted;
 * - `fatal`: no retry can help (a Standard workflow called synchronously); the pipe stops and nothing is checkpointed.
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
 * One enrichment, target or source call that failed. `service` is the API that refused (`states`), for the pipe's log.
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

  /** Throttled, which the log tells from other failures. */
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
 * What a call threw, weighed: no HTTP answer, 5xx and throttling are `internal`, every other 4xx is `customer`; so is
 * what did not come from the SDK, lest a defect holds up its shard for ever.
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
