import { parseJson } from '@tweet-pipes/kit/json';
import * as z from 'zod';

const archiveContents = ['full', 'keys'] as const;

/** The settings of the function, read from its environment. */
export interface Configuration {
  /** Physical table name → the label that goes into the column `table`. */
  tableLabels: ReadonlyMap<string, string>;
  /** `full` archives every attribute, `keys` leaves out content (docs/records.md, "Archive rows"). */
  archiveContent: (typeof archiveContents)[number];
}

const labels = z.record(z.string().min(1), z.string().min(1)).refine((value) => Object.keys(value).length > 0);

/**
 * Reads `TABLE_LABELS` (a JSON object, physical table name → label) and `ARCHIVE_CONTENT` (`full` or `keys`).
 * Throws an Error that names the variable, so a wrong deployment fails at its first start and not at its first removal.
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const { TABLE_LABELS, ARCHIVE_CONTENT } = environment;
  const tableLabels = labels.safeParse(TABLE_LABELS === undefined ? undefined : parseJson(TABLE_LABELS));
  if (!tableLabels.success) {
    throw new Error(
      'TABLE_LABELS must be a JSON object from table name to label, such as {"MyStack-Tweets":"tweets"}, ' +
        `but is ${show(TABLE_LABELS)}`,
    );
  }
  const archiveContent = archiveContents.find((content) => content === ARCHIVE_CONTENT);
  if (archiveContent === undefined) {
    throw new Error(`ARCHIVE_CONTENT must be one of ${archiveContents.join(', ')}, but is ${show(ARCHIVE_CONTENT)}`);
  }
  return { tableLabels: new Map(Object.entries(tableLabels.data)), archiveContent };
}

function show(value: string | undefined): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
