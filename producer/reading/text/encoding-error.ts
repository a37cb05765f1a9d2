/** Thrown for an encoding that is not known here. The message says what to do. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}
