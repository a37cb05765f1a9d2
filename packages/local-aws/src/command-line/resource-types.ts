import { InvalidArgumentError } from 'commander';

/** Adds a resource type of an option that may be repeated. Throws commander's usage error for anything else. */
export function parseResourceType(text: string, before: string[]): string[] {
  if (!/^(?:[A-Za-z0-9]+(?:::[A-Za-z0-9]+){2,3}|Custom::[\w@-]+)$/.test(text)) {
    throw new InvalidArgumentError('It must be a resource type as in templates, such as AWS::ECS::Cluster.');
  }
  return [...before, text];
}
