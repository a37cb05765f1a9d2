/**
 * An error as an AWS service answers it: `name` is the error code on the wire (`ResourceNotFoundException`), `message`
 * what people read. The gateway turns it into the protocol of the service; anything else that is thrown is a defect of
 * ours and becomes a 500 `InternalFailure`.
 */
export class AwsError extends Error {
  readonly statusCode: number;

  constructor(name: string, message: string, options: { statusCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.statusCode = options.statusCode ?? 400;
  }
}
