/** A context option is wrong. The message names the option, its value and the allowed values. Not retryable. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
