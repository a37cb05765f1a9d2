/** A row that leaves a file. */
export interface CutRow {
  id: string;
  /** Position of its record in the stream; undefined for rows that have none. */
  position: string | undefined;
  /** Undefined for rows that have none. */
  hashtags: readonly string[] | undefined;
}

/** A row that leaves, with what the lake's rows say of it; rows elsewhere say nothing. */
export function cutRow(id: string, { position, hashtags }: { position?: unknown; hashtags?: unknown } = {}): CutRow {
  return {
    id,
    position: typeof position === 'string' ? position : undefined,
    hashtags: Array.isArray(hashtags) ? hashtags.filter((tag) => typeof tag === 'string') : undefined,
  };
}

/** What leaves a file. */
export interface Cut {
  rows: readonly CutRow[];
  /** The file without them. All other rows are as they were. */
  rewritten(): Buffer;
}

/** Whether a tweet of this id must leave. */
export type IsDoomed = (id: string) => boolean;

/** Finds what must leave a file; undefined if nothing must. */
export type Cutter = (body: Buffer, isDoomed: IsDoomed) => Promise<Cut | undefined>;
