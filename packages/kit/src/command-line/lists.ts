import { InvalidArgumentError } from 'commander';

/**
 * A parser for option values: names of stacks, separated by commas (`example`: `Orders,Billing`), or commander's usage
 * error when one is empty.
 */
export function stackNames(example: string): (text: string) => string[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw new InvalidArgumentError(`It must be names of stacks, such as ${example}.`);
    return names;
  };
}

/**
 * A parser for an option that may be repeated: adds a `key=value` (`example`: `stage=test`) to those before, or
 * commander's usage error for anything else.
 */
export function keyValues(example: string) {
  return (text: string, before: Readonly<Record<string, string>>): Record<string, string> => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw new InvalidArgumentError(`It must have the form key=value, such as ${example}.`);
    }
    return { ...before, [key]: value };
  };
}
