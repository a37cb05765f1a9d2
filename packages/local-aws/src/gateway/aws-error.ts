/**
 * An error as an AWS service answers it: `name` is the error code on the wire (`ResourceNotFoundException`). The
 * gateway encodes it in the service's protocol. Any other thrown error is a defect and becomes a 500 `InternalFailure`.
 */
export class AwsError extends Error {
  readonly statusCode: number;

  constructor(name: string, message: string, options: { statusCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.statusCode = options.statusCode ?? 400;
  }
}
