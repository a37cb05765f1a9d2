import { ByteReader } from './bytes.ts';

/** The files that a LevelDB consists of, by number. */
export interface LiveFiles {
  /** Size in bytes by the number of a table. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs with a lower number are obsolete, except {@link previousLog}. */
  readonly firstLog: number;
  readonly previousLog: number;
}

/**
 * Follows the changes in a MANIFEST's records, https://github.com/google/leveldb/blob/main/db/version_edit.cc. Throws
 * RangeError for a record that is not one.
 */
export function liveFiles(records: readonly Buffer[]): LiveFiles {
  const tables = new Map<number, number>();
  let [firstLog, previousLog] = [0, 0];
  for (const record of records) {
    const reader = new ByteReader(record);
    while (!reader.isAtEnd) {
      const tag = reader.varint();
      switch (tag) {
        case 1: // The comparator's name.
          reader.slice();
          break;
        case 2:
          firstLog = reader.varint();
          break;
        case 3: // The next file's number.
        case 4: // The last sequence number.
          reader.varint();
          break;
        case 5: // Where the next compaction of a level begins.
          reader.varint();
          reader.slice();
          break;
        case 6:
          reader.varint();
          tables.delete(reader.varint());
          break;
        case 7: {
          reader.varint();
          const number = reader.varint();
          tables.set(number, reader.varint());
          reader.slice();
          reader.slice();
          break;
        }
        case 9:
          previousLog = reader.varint();
          break;
        default:
          throw new RangeError(`A MANIFEST has no member ${tag}.`);
      }
    }
  }
  return { tables, firstLog, previousLog };
}
