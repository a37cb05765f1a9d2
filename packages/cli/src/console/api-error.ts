/** Ends a handler with a status code, a name that programs compare, and a sentence for people that says what to do. */
export class ApiError extends Error {
  override readonly name: string;
  /** HTTP's status code, from 400 on. */
  readonly statusCode: number;

  constructor(statusCode: number, name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
    this.name = name;
  }
}

/** 404: what is asked for is not there. */
export function notFound(message: string): ApiError {
  return new ApiError(404, 'NotFound', message);
}

/** 400: a query or a body that cannot be understood. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}
