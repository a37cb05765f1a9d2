import { parseTimestamp } from '@tweet-pipes/kit/lake-timestamp';
import { plural } from '@tweet-pipes/kit/wording';
import { recordOwner } from '../recovery/redrive-marker.ts';
import { dataSize } from '../terminal/terminal.ts';
import type { TraceContext } from './context.ts';
import type { ArchiveRow, LakeRow } from './findings.ts';
import { findRows, hoursBetween } from './objects.ts';

/** The rows of the archive that say that the tweet left the table, in the hours from `fromMs` on. */
export async function findArchived(
  context: TraceContext,
  id: string,
  fromMs: number,
  untilMs: number,
): Promise<ArchiveRow[]> {
  const hours = hoursBetween(fromMs, untilMs);
  const where = { bucket: context.stack.ArchiveBucketName, prefix: 'deleted/tweets/', hours, columns: [] };
  const { rows, files, bytes } = await findRows(context.clients, where, id);
  context.note(`Read ${plural(files, 'file')} (${dataSize(bytes)}) of ${plural(hours.length, 'hour')} of the archive.`);
  const found = rows.map(({ row, object }): ArchiveRow => {
    const removedMs = Date.parse(String(row.removed_at));
    return {
      position: recordOwner(typeof row.record === 'string' ? row.record : '').position,
      cause: String(row.cause),
      object,
      ...(Number.isNaN(removedMs) ? {} : { removedMs }),
    };
  });
  return found;
}

/** The rows of the lake, in the hours in which the tweet's records arrived. */
export async function findLakeRows(
  context: Pick<TraceContext, 'clients' | 'lakeBucket' | 'note'>,
  id: string,
  arrivalsMs: readonly number[],
): Promise<LakeRow[]> {
  const { lakeBucket: bucket } = context;
  if (bucket === undefined || arrivalsMs.length === 0) return [];
  const hours = [...new Set(arrivalsMs.flatMap((arrivedMs) => hoursBetween(arrivedMs, arrivedMs)))].sort();
  const columns = ['kind', 'position', 'arrived_at'];
  const { rows, files, bytes } = await findRows(context.clients, { bucket, prefix: 'tweets/', hours, columns }, id);
  context.note(`Read ${plural(files, 'file')} (${dataSize(bytes)}) of ${plural(hours.length, 'hour')} of the lake.`);
  return rows.map(({ row, object }): LakeRow => {
    const arrivedAt = String(row.arrived_at);
    // A row of Parquet has it in ISO 8601.
    const arrivedMs = arrivedAt.endsWith('Z') ? Date.parse(arrivedAt) : parseTimestamp(arrivedAt);
    return {
      kind: String(row.kind),
      position: String(row.position),
      object,
      ...(Number.isNaN(arrivedMs) ? {} : { arrivedMs }),
    };
  });
}
