import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { startMaintenance } from '../src/maintenance.ts';

const stream = (table: string) =>
  `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-01-01T00:00:00.000`;

let clock: ManualClock;
let calls: unknown[];
let log: string[];
let checkpoints: Map<string, Map<string, string | null>>;
let deadLetterRanges: Map<string, { from: string; to: string }[]>;
let sweeps: number;
let sweepFailure: Error | undefined;
let maintenance: { stop(): Promise<void> };

beforeEach(() => {
  clock = new ManualClock();
  calls = [];
  log = [];
  checkpoints = new Map();
  deadLetterRanges = new Map();
  sweeps = 0;
  sweepFailure = undefined;
  maintenance = startMaintenance({
    clock,
    dynamodb: {
      async sweepTtl() {
        if (sweepFailure) throw sweepFailure;
        calls.push('sweep');
        return true;
      },
      trimStreams: (range) => {
        calls.push(range);
        return 0;
      },
    },
    kinesis: {
      async expire() {
        calls.push('expire');
        return 0;
      },
      async trim(done) {
        calls.push(done);
        return 0;
      },
    },
    streamMegabytes: 7,
    onSweep: () => {
      sweeps += 1;
    },
    pipes: { checkpoints: () => checkpoints, deadLetterRanges: () => deadLetterRanges },
    log: (line) => log.push(line),
  });
});
afterEach(() => maintenance.stop());

describe('maintenance', () => {
  it('sweeps every three seconds and expires records every minute', async () => {
    await clock.advance(60_000);
    expect(calls.filter((call) => call === 'sweep')).toHaveLength(20);
    expect(sweeps).toBe(20);
    expect(calls.filter((call) => call === 'expire')).toHaveLength(1);
  });

  it('says nothing about a full disk, which has a line of its own', async () => {
    sweepFailure = new Error('database or disk is full');
    await clock.advance(10_000);
    expect(log).toEqual([]);
  });

  it('trims a Kinesis stream behind its pipes, but not what dead letters point to', async () => {
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Readings';
    const upTo = new Map([
      ['shardId-000000000000', '100'],
      ['shardId-000000000001', null],
    ]);
    checkpoints = new Map([[arn, upTo]]);
    deadLetterRanges = new Map([[arn, [{ from: '5', to: '6' }]]]);
    await clock.advance(3_000);
    expect(calls.filter((call) => call !== 'sweep')).toEqual([
      { streamName: 'Readings', megabytes: 7, upTo, keep: [{ from: '5', to: '6' }] },
    ]);
  });

  it('trims a table stream below the lowest checkpoint, compared as numbers', async () => {
    checkpoints = new Map([
      [
        stream('Readings'),
        new Map([
          ['a', '100'],
          ['b', '9'],
        ]),
      ],
    ]);
    await clock.advance(3_000);
    expect(calls).toContainEqual({ table: 'Readings', belowSequence: '9', keep: [] });
  });

  it('keeps records that dead letters point to', async () => {
    checkpoints = new Map([[stream('Readings'), new Map([['a', '100']])]]);
    deadLetterRanges = new Map([[stream('Readings'), [{ from: '7', to: '9' }]]]);
    await clock.advance(3_000);
    expect(calls).toContainEqual({ table: 'Readings', belowSequence: '100', keep: [{ from: '7', to: '9' }] });
  });

  it('trims no stream that a pipe has not started, none without a pipe, and nothing that is not a stream', async () => {
    checkpoints = new Map([
      [
        stream('Begun'),
        new Map([
          ['a', '5'],
          ['b', null],
        ]),
      ],
      [stream('Unread'), new Map()],
      ['arn:aws:sqs:us-east-1:000000000000:Letters', new Map([['a', '5']])],
    ]);
    await clock.advance(3_000);
    expect(calls).toEqual(['sweep']);
  });

  it('continues after a failure, and reports it once', async () => {
    sweepFailure = new Error('engine gone');
    checkpoints = new Map([[stream('Readings'), new Map([['a', '1']])]]);
    await clock.advance(9_000);
    expect(log).toEqual(['removing expired items failed and is tried again: engine gone']);
    expect(calls).toHaveLength(3);
    sweeps = 0;
    sweepFailure = undefined;
    await clock.advance(3_000);
    expect(log[1]).toBe('removing expired items works again');
  });

  it('does nothing after it was stopped', async () => {
    await maintenance.stop();
    await clock.advance(60_000);
    expect(calls).toEqual([]);
  });
});
