import type { Cutter } from './cut.ts';
import { blankQuarantined, cutRawRecords } from './cut-raw-records.ts';
import { cutRows } from './cut-rows.ts';
import { stripArchiveRows } from './strip-archive-rows.ts';

/** The buckets that hold text of tweets. */
export interface ForgettingBuckets {
  lake: string;
  archive: string;
}

/** A folder that is searched. */
export interface SearchedFolder {
  /** As a report names it. */
  name: 'lake' | 'sentiment' | 'lakeErrors' | 'quarantine' | 'archive' | 'archiveErrors';
  bucket: string;
  prefix: string;
  cut: Cutter;
}

/** Results of Athena's queries, in the lake's bucket. */
export const queryResultsPrefix = 'query-results/';

/**
 * The folders, with the lake last: its rows are planned, the others are rewritten while they are searched. The archive
 * is searched only if it must keep no content.
 */
export function searchedFolders(
  { lake, archive }: ForgettingBuckets,
  archiveContent: 'full' | 'keys',
): readonly SearchedFolder[] {
  return [
    { name: 'quarantine', bucket: archive, prefix: 'quarantine/', cut: blankQuarantined },
    ...(archiveContent === 'keys'
      ? ([
          { name: 'archive', bucket: archive, prefix: 'deleted/tweets/', cut: stripArchiveRows },
          { name: 'archiveErrors', bucket: archive, prefix: 'errors/tweets/', cut: cutRawRecords },
        ] as const)
      : []),
    { name: 'lakeErrors', bucket: lake, prefix: 'errors/', cut: cutRawRecords },
    { name: 'sentiment', bucket: lake, prefix: 'sentiment/', cut: cutRows },
    { name: 'lake', bucket: lake, prefix: 'tweets/', cut: cutRows },
  ];
}
