/** A context option is wrong. The message says which, what it is and what it may be; retrying does not help. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
