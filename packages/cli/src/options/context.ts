import { InvalidArgumentError } from 'commander';

/** Adds a `key=value` of an option that may be repeated. Throws commander's usage error for anything else. */
export function parseContext(text: string, before: Record<string, string>): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError('It must have the form key=value, such as tweetPipes:shards=4.');
  }
  if (!key.includes(':')) {
    throw new InvalidArgumentError(`Options of the stack begin with tweetPipes:, so write tweetPipes:${key}=${value}.`);
  }
  return { ...before, [key]: value };
}
