import type { Json } from '@tweet-pipes/kit/json';

/** A bucket of the stacks that can be browsed. */
export interface Place {
  /** `archive` is the bucket of archive and quarantine. */
  readonly id: PlaceId;
  readonly bucket: string;
}

export const placeIds = ['archive', 'lake', 'sales'] as const;
export type PlaceId = (typeof placeIds)[number];

/** What `/_console/api/objects?place=…&prefix=…&token=…` answers: one page of a folder. */
export interface ObjectListing {
  readonly place: Place;
  /** Other buckets that there are. */
  readonly places: readonly Place[];
  readonly prefix: string;
  /** Folders in it, as prefixes that end in `/`. */
  readonly folders: readonly string[];
  readonly objects: readonly ListedObject[];
  /** Asks for the next page; null on the last one. */
  readonly next: string | null;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** What an object holds. `other` is shown by its name and size alone. */
export type ObjectFormat = 'json-lines' | 'json' | 'parquet' | 'text' | 'other';

/** What `/_console/api/object?place=…&key=…&from=…` answers: some rows of an object. */
export interface ObjectContent extends ListedObject {
  readonly bucket: string;
  readonly format: ObjectFormat;
  readonly isCompressed: boolean;
  /** The first of `rows`, counted from 0. */
  readonly from: number;
  /** Objects of JSON lines and Parquet; lines of text. A line that is no JSON is a string. */
  readonly rows: readonly Json[];
  readonly hasMore: boolean;
  /** Why rows are missing; null when none are. */
  readonly note: string | null;
}

/** What `/_console/api/quarantine` answers: the newest objects of the quarantine. */
export interface QuarantineReading {
  /** Objects found, and whether there are more. */
  readonly objects: number;
  readonly isAtLeast: boolean;
  /** The newest of them, the newest first. */
  readonly newest: readonly QuarantinedRecord[];
}

export interface QuarantinedRecord extends ListedObject {
  /** Why the workflow could not use the record. */
  readonly reason: string;
  readonly eventId: string;
  readonly arrivedAt: string;
}
