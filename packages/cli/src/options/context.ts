import { keyValues } from '@tweet-pipes/kit/command-line/lists';
import { InvalidArgumentError } from 'commander';

const add = keyValues('tweetPipes:shards=4');

/** Adds a `key=value` of an option that may be repeated. Throws commander's usage error for anything else. */
export function parseContext(text: string, before: Record<string, string>): Record<string, string> {
  const all = add(text, before);
  const [key = ''] = text.split('=', 1);
  if (!key.includes(':')) {
    throw new InvalidArgumentError(`Options of the stack begin with tweetPipes:, so write tweetPipes:${text}.`);
  }
  return all;
}
