import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkpoint } from '../../src/pipes/checkpoint.ts';
import { lowestCheckpoints } from '../../src/pipes/lowest-checkpoints.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  file = join(folder, 'pipes', 'ingest', 'checkpoint.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a checkpoint file', () => {
  it('is new when there is none, and remembers what was set', async () => {
    const first = await Checkpoint.open(file, 'arn:a');
    expect(first.isNew).toBe(true);
    await first.set([
      ['shard-0', { at: 'after', sequenceNumber: '49590338271490256608559692538361571095921575989136588898' }],
    ]);
    const second = await Checkpoint.open(file, 'arn:a');
    expect(second.isNew).toBe(false);
    expect(second.get('shard-0')).toEqual({
      at: 'after',
      sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
    });
  });

  it('keeps the positions of another source', async () => {
    const first = await Checkpoint.open(file, 'arn:a');
    await first.set([['s', { at: 'end' }]]);
    const other = await Checkpoint.open(file, 'arn:b');
    expect(other.isNew).toBe(true);
    await other.set([['s', { at: 'oldest' }]]);
    expect((await Checkpoint.open(file, 'arn:a')).get('s')).toEqual({ at: 'end' });
  });

  it('is durable for every change made before the promise, with writes shared', async () => {
    const checkpoint = await Checkpoint.open(file, 'arn:a');
    const writes = Array.from({ length: 200 }, (_, i) =>
      checkpoint.set([[`shard-${i % 3}`, { at: 'after', sequenceNumber: String(i) }]]),
    );
    expect(new Set(writes).size).toBe(2);
    await Promise.all(writes);
    const read = await Checkpoint.open(file, 'arn:a');
    expect(['shard-0', 'shard-1', 'shard-2'].map((shard) => read.get(shard))).toEqual(
      ['198', '199', '197'].map((sequenceNumber) => ({ at: 'after', sequenceNumber })),
    );
  });

  it('does not call a position durable before it is on disk', async () => {
    const checkpoint = await Checkpoint.open(file, 'arn:a');
    const write = checkpoint.set([['s', { at: 'after', sequenceNumber: '7' }]]);
    expect(checkpoint.durable.get('s')).toBeUndefined();
    await write;
    expect(checkpoint.durable.get('s')).toEqual({ at: 'after', sequenceNumber: '7' });
  });

  it('is always one whole version, also with a torn temporary file beside it', async () => {
    const checkpoint = await Checkpoint.open(file, 'arn:a');
    await checkpoint.set([['s', { at: 'after', sequenceNumber: '1' }]]);
    await writeFile(join(folder, 'pipes', 'ingest', '.checkpoint.tmp'), '{"version":1,"sour');
    const read = await Checkpoint.open(file, 'arn:a');
    expect(read.get('s')).toEqual({ at: 'after', sequenceNumber: '1' });
    await read.set([['s', { at: 'after', sequenceNumber: '2' }]]);
    expect(JSON.parse(await readFile(file, 'utf8')).sources['arn:a'].shards.s.sequenceNumber).toBe('2');
  });

  it.each([
    ['torn', '{"version":1,"sour', 'is not JSON'],
    ['empty', '', 'is not JSON'],
    ['of a later version', '{"version":2,"sources":{}}', 'does not hold a checkpoint (version:'],
    [
      'with an unknown position',
      '{"version":1,"sources":{"a":{"shards":{"s":{"at":"somewhere"}}}}}',
      'does not hold a checkpoint (sources.a.shards.s',
    ],
    [
      'with a sequence number that is none',
      '{"version":1,"sources":{"a":{"shards":{"s":{"at":"after","sequenceNumber":"x"}}}}}',
      'sequenceNumber',
    ],
  ])('that is %s is a named error that says what to do', async (_, content, reason) => {
    await mkdir(join(folder, 'pipes', 'ingest'), { recursive: true });
    await writeFile(file, content);
    await expect(Checkpoint.open(file, 'arn:a')).rejects.toMatchObject({ name: 'CheckpointCorrupted' });
    await expect(Checkpoint.open(file, 'arn:a')).rejects.toThrow(reason);
    await expect(Checkpoint.open(file, 'arn:a')).rejects.toThrow('--fresh');
  });
});

describe('what may be trimmed', () => {
  const done = (sequenceNumber: string) => ({ at: 'after', sequenceNumber }) as const;

  it('is what all pipes of a source are done with, compared as numbers', () => {
    const lowest = lowestCheckpoints([
      { sourceArn: 'a', positions: new Map([['s', done('9')]]) },
      { sourceArn: 'a', positions: new Map([['s', done('31')]]) },
      { sourceArn: 'b', positions: new Map([['s', done('1')]]) },
    ]);
    expect(lowest.get('a')?.get('s')).toBe('9');
    expect(lowest.get('b')?.get('s')).toBe('1');
  });

  it('is nothing while one pipe has not begun, or has not read its checkpoint', () => {
    const begun = { sourceArn: 'a', positions: new Map([['s', done('9')]]) };
    const waiting = { sourceArn: 'a', positions: new Map([['s', { at: 'oldest' } as const]]) };
    expect(lowestCheckpoints([begun, waiting]).get('a')?.get('s')).toBeNull();
    expect(
      lowestCheckpoints([begun, { sourceArn: 'a', positions: undefined }])
        .get('a')
        ?.get('s'),
    ).toBeNull();
  });
});
