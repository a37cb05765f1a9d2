import { InvalidArgumentError } from 'commander';

/** Names of stacks, separated by commas. Throws commander's usage error when one is empty. */
export function parseStacks(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new InvalidArgumentError('It must be names of stacks, such as TweetPipes,TweetLake.');
  }
  return names;
}
