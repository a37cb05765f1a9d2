import type { MiddlewareObj } from '@middy/core';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { type EmbeddedMetric, embeddedMetric, metricLine } from '../embedded-metrics.ts';
import { errorRows } from './flatten-removals.ts';

/**
 * Publishes metrics in the namespace `TweetPipes` through the log, in one line a batch:
 * - `ErrorRows`, dimension `FunctionName`, if there are any: without it such a batch looks like a success;
 * - `LagSeconds`, dimensions `FunctionName` and `Table`: the age of the oldest removal. No metric of AWS tells how far
 *   a pipe is behind the stream of a table.
 *
 * Writes to stdout directly, because Lambda's console puts a timestamp in front of each line.
 */
export function archiveMetrics(
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
  now: () => number = Date.now,
): MiddlewareObj<Json, JsonObject[]> {
  return {
    name: 'archive-metrics',
    after: ({ response, context: { functionName } }) => {
      const rows = response ?? [];
      const metrics = [errorMetric(rows), lagMetric(rows, now())].filter((metric) => metric !== undefined);
      if (metrics.length === 0) return;
      write(metricLine(metrics, functionName, now()));
    },
  };
}

function errorMetric(rows: readonly JsonObject[]): EmbeddedMetric | undefined {
  const ErrorRows = errorRows(rows);
  if (ErrorRows === 0) return undefined;
  return embeddedMetric('ErrorRows', 'Count', ['FunctionName'], { ErrorRows });
}

/** Of the oldest row; the rows of a batch are of one table. Undefined if no row has a table and a time. */
function lagMetric(rows: readonly JsonObject[], nowMs: number): EmbeddedMetric | undefined {
  const removals = rows.flatMap(({ table, removed_at }) =>
    typeof table === 'string' && typeof removed_at === 'string' ? [{ table, at: Date.parse(removed_at) }] : [],
  );
  const [oldest] = removals.toSorted((a, b) => a.at - b.at);
  if (oldest === undefined) return undefined;
  const LagSeconds = Math.max(0, (nowMs - oldest.at) / 1000);
  return embeddedMetric('LagSeconds', 'Seconds', ['FunctionName', 'Table'], { Table: oldest.table, LagSeconds });
}
