import middy from '@middy/core';

import { failureLine } from './failure-line.ts';
import { type Flattened, transformRecords } from './transform-records.ts';
import type { SourceRecord, TransformationResult } from './transformation-event.ts';

/** The handler of a transformation of Firehose. It counts and names in its log the records that become no rows. */
export function transformationHandler(flatten: (source: SourceRecord) => Flattened) {
  return middy<unknown, TransformationResult>().handler(async (event, { functionName }) => {
    const { records, failed } = transformRecords(event, flatten);
    // Not console.log, which puts a timestamp in front of each line on Lambda.
    if (failed.length > 0) process.stdout.write(`${failureLine(failed, functionName, Date.now())}\n`);
    return { records };
  });
}
