import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Backlog } from '../../../src/bench/long-run/backlog.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Tweets';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backlog-'));
  mkdirSync(join(folder, 'pipes', 'Ingest'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function checkpoint(shards: object): void {
  const content = { version: 1, sources: { [arn]: { shards } } };
  writeFileSync(join(folder, 'pipes', 'Ingest', 'checkpoint.json'), JSON.stringify(content));
}

describe('the backlog of a long run', () => {
  it('is everything that landed while the pipe has no checkpoint', async () => {
    const backlog = new Backlog(folder, 'Ingest');
    backlog.landed('shardId-0', '4901');
    expect(await backlog.look()).toBe(0);
    expect(backlog.size).toBe(1);
  });

  it('counts per shard what lies at or below the checkpoint, in whatever order it landed, and each record once', async () => {
    const backlog = new Backlog(folder, 'Ingest');
    for (const sequence of ['4903', '4901', '4902']) backlog.landed('shardId-0', sequence);
    backlog.landed('shardId-1', '4901');
    checkpoint({ 'shardId-0': { at: 'after', sequenceNumber: '4902' }, 'shardId-1': { at: 'oldest' } });
    expect(await backlog.look()).toBe(2);
    expect(await backlog.look()).toBe(2);
    checkpoint({
      'shardId-0': { at: 'after', sequenceNumber: '4903' },
      'shardId-1': { at: 'after', sequenceNumber: '5' },
    });
    expect(await backlog.look()).toBe(4);
    expect(backlog.size).toBe(0);
  });

  it('refuses a checkpoint file that is none', async () => {
    checkpoint({ 'shardId-0': 7 });
    await expect(new Backlog(folder, 'Ingest').look()).rejects.toThrow(/shardId-0/);
  });
});
