import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Intercept } from '../gateway/wire.ts';
import type { IdlePoll } from '../pipes/shard-worker.ts';
import type { StatePace } from '../states/interpreter/thread.ts';
import { callLatency } from './call-latency.ts';
import { dynamoDbLimits } from './dynamodb-limits.ts';
import { kinesisLimits } from './kinesis-limits.ts';
import { drawMs } from './lognormal.ts';
import type { PaceTable } from './pace-table.ts';

/** Counts of what the pace did so far. */
export interface PaceCounts {
  /** Delayed calls. */
  calls: number;
  throttledWrites: number;
  throttledReads: number;
  refusedRecords: number;
}

/** AWS's latencies and limits for one runtime. */
export interface Pace {
  readonly intercept: Intercept;
  readonly statePace: StatePace;
  readonly polls: Readonly<Record<'kinesis' | 'dynamodb', IdlePoll>>;
  counts(): PaceCounts;
  /** Starts the delays, once the stack is loaded. Limits learn tables and streams before that. */
  start(): void;
  /** Ends all waits. */
  stop(): void;
}

/** Creates the pace for one runtime. */
export function createPace(options: { table: PaceTable; clock: Clock; random: Random }): Pace {
  const { table, clock, random } = options;
  const { limits, overheads } = table;
  const counts: PaceCounts = { calls: 0, throttledWrites: 0, throttledReads: 0, refusedRecords: 0 };
  const off = new AbortController();
  let isOn = false;
  const latency = callLatency({ table, clock, random, signal: off.signal, onCall: () => (counts.calls += 1) });
  const dynamodb = dynamoDbLimits({
    clock,
    writeUnitsPerSecond: limits.itemWriteUnitsPerSecond.value,
    readUnitsPerSecond: limits.itemReadUnitsPerSecond.value,
    onThrottle(kind, items) {
      if (kind === 'read') counts.throttledReads += items;
      else counts.throttledWrites += items;
    },
  });
  const kinesis = kinesisLimits({
    clock,
    bytesPerSecond: limits.shardWriteBytesPerSecond.value,
    recordsPerSecond: limits.shardWriteRecordsPerSecond.value,
    onThrottle: (records) => (counts.refusedRecords += records),
  });
  const limited: Intercept = (call, forward) => {
    if (call.service === 'dynamodb') return dynamodb(call, forward);
    return call.service === 'kinesis' ? kinesis(call, forward) : forward();
  };
  const gapMs = 1000 / limits.shardReadsPerSecond.value;
  const poll = (intervalMs: number): IdlePoll => ({ shortestMs: intervalMs, longestMs: intervalMs, gapMs });
  return {
    intercept: (call, forward) =>
      isOn
        ? latency(call, (request) => limited(request === undefined ? call : { ...call, request }, forward))
        : limited(call, forward),
    async statePace(kind, signal) {
      if (!isOn || off.signal.aborted) return;
      await clock.sleep(drawMs(overheads[kind], random), AbortSignal.any([signal, off.signal]));
    },
    polls: { kinesis: poll(table.polls.kinesis.intervalMs), dynamodb: poll(table.polls.dynamodb.intervalMs) },
    counts: () => ({ ...counts }),
    start() {
      isOn = true;
    },
    stop: () => off.abort(),
  };
}
