import { checkOrigin } from '@tweet-pipes/local-aws/gateway/cors';
import { checkHost } from '@tweet-pipes/local-aws/gateway/hosts';
import { InvalidArgumentError } from 'commander';

/** Adds an origin of an option that may be repeated. Throws commander's usage error for anything else. */
export function parseOrigin(text: string, before: string[]): string[] {
  try {
    checkOrigin(text);
  } catch {
    throw new InvalidArgumentError('It must be an origin such as http://localhost:3000, without a path.');
  }
  return [...before, text];
}

/** Adds a host of an option that may be repeated. Throws commander's usage error for anything else. */
export function parseHost(text: string, before: string[]): string[] {
  try {
    checkHost(text);
  } catch {
    throw new InvalidArgumentError('It must be a host such as devbox or localhost:8080, without http://.');
  }
  return [...before, text];
}
