import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { eventIdOf, formatPosition } from '@tweet-pipes/kit/position';
import type { LoggedEvent } from '../../src/executions/log-event.ts';
import { executionOf } from '../../src/trace/executions.ts';
import { hoursBetween } from '../../src/trace/objects.ts';
import { findLakeRows } from '../../src/trace/rows.ts';
import { holdsKey, namesItself } from '../../src/trace/stream-records.ts';
import { fakeClients } from '../console/fake-clients.ts';

describe('what an execution decided', () => {
  const positions = [0, 1, 2, 3].map((n) => formatPosition('shardId-000000000000', String(10 + n)));
  const event = (id: number, type: string, details: LoggedEvent['details']): LoggedEvent => ({
    ...{ id, type, previousId: id - 1, atMs: 1000 + id, executionArn: 'arn', line: '', details },
  });
  const assigned = (variables: Record<string, Json>) => ({
    assignedVariables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  });
  const started = event(1, 'ExecutionStarted', {
    input: JSON.stringify(positions.map((position) => ({ eventID: eventIdOf(position), tweet: {} }))),
  });
  const batch = { tweets: { 0: {}, 1: {} }, deletions: [{ index: 2 }] };
  const decided = (n: number, events: LoggedEvent[]) =>
    executionOf([started, ...events], { arn: 'arn', startedMs: 1000, position: positions[n] ?? '' });

  it.each([
    ['a tweet without outcome is stored', 0, [], { decision: 'stored' }],
    [
      'an outcome says more',
      1,
      [{ index: 1, outcome: 'refused', reason: 'rejected-by-dynamodb: x' }],
      { decision: 'quarantined', reason: 'rejected-by-dynamodb: x' },
    ],
    [
      'the last outcome counts',
      1,
      [
        { index: 1, outcome: 'redelivered' },
        { index: 1, outcome: 'late' },
      ],
      { decision: 'out of order' },
    ],
    ['a notice is carried out', 2, [], { decision: 'delete notice carried out' }],
    ['of an id the first record of the batch wins', 3, [], { decision: 'dropped for an earlier record of its batch' }],
  ])('%s', (_name, n, outcomes: Json[], expected) => {
    const events = [
      event(2, 'MapStateExited', assigned({ batch, outcomes: [] })),
      event(3, 'MapStateExited', assigned({ outcomes })),
      event(4, 'ExecutionSucceeded', {}),
    ];
    expect(decided(n, events)).toEqual({
      ...{ arn: 'arn', startedMs: 1000, endedMs: 1004, end: 'SUCCEEDED', position: positions[n], records: 4 },
      ...expected,
    });
  });

  it('is not known without data, nor before its end, and an error is said', () => {
    expect(decided(0, [event(2, 'ExecutionFailed', { error: 'DynamoDb.ThrottlingException' })])).toEqual({
      ...{ arn: 'arn', startedMs: 1000, endedMs: 1002, end: 'FAILED', position: positions[0], records: 4 },
      error: 'DynamoDb.ThrottlingException',
    });
    expect(decided(0, [])).not.toHaveProperty('end');
  });
});

it('a partition key leads to the shard that has its hash', () => {
  const hash = BigInt(`0x${createHash('md5').update('1212092628029698048').digest('hex')}`);
  const shard = (from: bigint, to: bigint) => ({
    ShardId: 's',
    HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
    SequenceNumberRange: { StartingSequenceNumber: '1' },
  });
  expect(holdsKey(shard(hash, hash), '1212092628029698048')).toBe(true);
  expect(holdsKey(shard(0n, hash - 1n), '1212092628029698048')).toBe(false);
});

it.each<[string, Json, boolean]>([
  ['a tweet of v1.1', { id_str: '7', text: 5 }, true],
  ['a tweet of v2', { data: { id: '7' } }, true],
  ['a numeric id', { id: 7 }, true],
  ['a delete notice with a numeric id', { delete: { status: { id: 7 } } }, true],
  ['a tweet that quotes it', { id_str: '8', quoted_status: { id_str: '7' } }, false],
  ['bytes', 'Nw==', false],
])('%s', (_name, tweet, expected) => {
  expect(namesItself(tweet, '7')).toBe(expected);
});

it('hours begin with the one before, since a file is named by its oldest record', () => {
  const [from, to] = ['2026-11-29T10:59:00Z', '2026-11-29T12:01:00Z'].map((text) => Date.parse(text));
  expect(hoursBetween(from ?? 0, to ?? 0).map((hour) => new Date(hour).toISOString().slice(11, 13))).toEqual([
    ...['09', '10', '11', '12'],
  ]);
  expect(hoursBetween(0, Date.parse('2026-11-29T12:01:00Z'))).toHaveLength(48);
});

it('rows of the lake are found in JSON lines, among others', async () => {
  const row = (id: string, n: number) => ({ id, kind: 'tweet', position: `s:${n}`, arrived_at: arrivedAt });
  const arrivedAt = '2026-11-29 12:01:00.500';
  const body = gzipSync(`${JSON.stringify(row('8', 1))}\n${JSON.stringify(row('7', 2))}\n`);
  const Key = 'tweets/2026/11/29/12/x.jsonl.gz';
  const clients = await fakeClients({
    ListObjectsV2Command: ({ Prefix }) => ({ Contents: Key.startsWith(String(Prefix)) ? [{ Key }] : [] }),
    GetObjectCommand: () => ({ Body: { transformToByteArray: async () => body } }),
  });
  const notes: string[] = [];
  const context = { clients, lakeBucket: 'lake', note: (line: string) => void notes.push(line) };
  const arrivedMs = Date.parse('2026-11-29T12:01:00.500Z');
  expect(await findLakeRows(context, '7', [arrivedMs])).toEqual([
    { kind: 'tweet', position: 's:2', arrivedMs, object: `s3://lake/${Key}` },
  ]);
  expect(notes).toEqual([expect.stringMatching(/^Read 1 file .* of 2 hours of the lake\.$/)]);
});
