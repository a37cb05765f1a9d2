import type { Forgetting } from '@tweet-pipes/kit/forgetting/forget';
import * as z from 'zod';

/** The settings of the function, read from its environment. */
export interface Configuration extends Pick<Forgetting, 'buckets' | 'archiveContent'> {
  deletionTable: string;
}

const schema = z.object({
  DELETION_TABLE: z.string().min(1),
  LAKE_BUCKET: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
  ARCHIVE_CONTENT: z.enum(['full', 'keys']),
});

/** Reads the environment. Throws an Error that names each variable that is wrong. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) throw new Error(`The environment is wrong.\n${z.prettifyError(parsed.error)}`);
  const { DELETION_TABLE, LAKE_BUCKET, ARCHIVE_BUCKET, ARCHIVE_CONTENT } = parsed.data;
  return {
    deletionTable: DELETION_TABLE,
    buckets: { lake: LAKE_BUCKET, archive: ARCHIVE_BUCKET },
    archiveContent: ARCHIVE_CONTENT,
  };
}
