import { fieldsByName } from '@tweet-pipes/producer/reading/records/fields-by-name';
import { InvalidArgumentError } from 'commander';

/** The names of columns, in their order. Throws commander's usage error unless there is one for the id and the text. */
export function parseColumns(text: string): string[] {
  const columns = text.split(',').map((name) => name.trim());
  const known = fieldsByName(columns);
  const missing = (['id', 'text'] as const).filter((field) => !known.has(field));
  if (missing.length === 0) return columns;
  throw new InvalidArgumentError(
    `It must name the columns, id and text among them; ${missing.join(' and ')} is missing.`,
  );
}
