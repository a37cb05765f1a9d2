import { readFile } from 'node:fs/promises';
import { z } from 'zod';

import { knownOperations } from '../faults/known-operations.ts';
import defaults from './aws-pace.json' with { type: 'json' };

/** The source of a figure: an address with the month of the source, or `recalled`. */
const origin = {
  source: z.string().regex(/^(recalled|https?:\/\/\S+)$/, 'expected an address, or recalled'),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}$/, 'expected a month such as 2026-11')
    .optional(),
  note: z.string().optional(),
};
const ms = z.number().gt(0).max(60_000);
const latency = z
  .strictObject({ p50Ms: ms, p99Ms: ms, ...origin })
  .refine(({ p50Ms, p99Ms }) => p50Ms <= p99Ms, 'expected p99Ms not below p50Ms')
  .refine(({ source, date }) => source === 'recalled' || date !== undefined, 'expected the date of the source');
const poll = z.strictObject({ intervalMs: ms, ...origin });
const limit = z.strictObject({ value: z.number().gt(0), ...origin });

const calls = z.record(z.string(), latency).superRefine((given, check) => {
  for (const place of Object.keys(given)) {
    const [service = '', operation = ''] = place.split('.');
    if (!knownOperations[service]?.includes(operation))
      check.addIssue(`expected service.Operation of AWS, such as dynamodb.UpdateItem, not ${place}`);
  }
});
const overheads = z.strictObject({ startSyncExecution: latency, state: latency, task: latency, lambdaInvoke: latency });
const polls = z.strictObject({ kinesis: poll, dynamodb: poll });
const limits = z.strictObject({
  itemWriteUnitsPerSecond: limit,
  itemReadUnitsPerSecond: limit,
  shardWriteBytesPerSecond: limit,
  shardWriteRecordsPerSecond: limit,
  shardReadsPerSecond: limit,
});
const whole = z.strictObject({ calls, overheads, polls, limits });
const changes = z.strictObject({
  calls: calls.optional(),
  overheads: overheads.partial().optional(),
  polls: polls.partial().optional(),
  limits: limits.partial().optional(),
});

/**
 * AWS's latencies and limits: milliseconds of calls by `service.Operation` (other calls take no time), overheads of
 * Step Functions and Lambda, poll intervals of pipes, and limits. Each entry names its source. The default is
 * `aws-pace.json`.
 */
export type PaceTable = z.infer<typeof whole>;

/** A table is invalid. The message names every problem. */
export class PaceTableError extends Error {
  constructor(problems: readonly string[], options: ErrorOptions = {}) {
    super(`The table of AWS's pace cannot be used: ${problems.join('; ')}. docs/like-aws.md has the format.`, options);
    this.name = 'PaceTableError';
  }
}

/** The default table with the given entries replaced. Throws {@link PaceTableError}. */
export function paceTable(given: unknown = {}): PaceTable {
  const parsed = changes.safeParse(given);
  if (!parsed.success) {
    throw new PaceTableError(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`));
  }
  const base = whole.parse(defaults);
  const { data } = parsed;
  return {
    calls: { ...base.calls, ...data.calls },
    overheads: { ...base.overheads, ...data.overheads },
    polls: { ...base.polls, ...data.polls },
    limits: { ...base.limits, ...data.limits },
  };
}

/** The default table with the entries of a JSON file replaced. Throws {@link PaceTableError}. */
export async function readPaceTable(path: string): Promise<PaceTable> {
  try {
    return paceTable(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof PaceTableError) throw cause;
    throw new PaceTableError([`${path}: ${cause instanceof Error ? cause.message : cause}`], { cause });
  }
}
