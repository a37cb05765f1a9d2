import type { Cutter } from './cut.ts';
import { blankQuarantined, cutRawRecords } from './cut-raw-records.ts';
import { cutRows } from './cut-rows.ts';
import { stripArchiveRows } from './strip-archive-rows.ts';

/** The buckets that hold text of tweets. */
export interface ForgettingBuckets {
  lake: string;
  archive: string;
}

/** Objects that are worked on at a time where each may have 128 MiB unpacked, the most that Firehose collects. */
export const LARGE_OBJECTS_AT_A_TIME = 4;
/** The same where each is one record, of at most 1.4 MB. S3 answers a request in some 60 ms, however small. */
export const RECORD_OBJECTS_AT_A_TIME = 32;

/**
 * Objects that came before the last search are searched once more if they are younger than this: an object is listed
 * when its upload ends and dated by when it began, and clocks differ.
 */
export const SEARCHED_AGAIN_MS = 3_600_000;

/** A folder that is searched. */
export interface SearchedFolder {
  /** As a report names it. */
  name: 'lake' | 'sentiment' | 'lakeErrors' | 'quarantine' | 'archive' | 'archiveErrors';
  bucket: string;
  prefix: string;
  objectsAtATime: number;
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
    {
      name: 'quarantine',
      bucket: archive,
      prefix: 'quarantine/',
      objectsAtATime: RECORD_OBJECTS_AT_A_TIME,
      cut: blankQuarantined,
    },
    ...(archiveContent === 'keys'
      ? ([
          {
            name: 'archive',
            bucket: archive,
            prefix: 'deleted/tweets/',
            objectsAtATime: LARGE_OBJECTS_AT_A_TIME,
            cut: stripArchiveRows,
          },
          {
            name: 'archiveErrors',
            bucket: archive,
            prefix: 'errors/tweets/',
            objectsAtATime: LARGE_OBJECTS_AT_A_TIME,
            cut: cutRawRecords,
          },
        ] as const)
      : []),
    {
      name: 'lakeErrors',
      bucket: lake,
      prefix: 'errors/',
      objectsAtATime: LARGE_OBJECTS_AT_A_TIME,
      cut: cutRawRecords,
    },
    { name: 'sentiment', bucket: lake, prefix: 'sentiment/', objectsAtATime: LARGE_OBJECTS_AT_A_TIME, cut: cutRows },
    { name: 'lake', bucket: lake, prefix: 'tweets/', objectsAtATime: LARGE_OBJECTS_AT_A_TIME, cut: cutRows },
  ];
}
