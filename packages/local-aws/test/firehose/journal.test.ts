import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import fc from 'fast-check';
import { Journal } from '../../src/firehose/journal.ts';
import type { JournalRecord } from '../../src/firehose/journal-frame.ts';

const clock = new ManualClock();
const bytes = (text: string) => ({ data: Buffer.from(text) });
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, '1.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = async (journal: Journal): Promise<string[]> => {
  const found: string[] = [];
  for await (const { data } of journal.read()) found.push(Buffer.from(data).toString());
  return found;
};

/** The journal after each append, as sizes of the file, and its bytes in the end. */
const written = async (...batches: string[][]): Promise<{ sizes: number[]; file: Buffer }> => {
  const journal = new Journal(path, clock);
  const sizes = [0];
  for (const batch of batches) {
    await journal.append(batch.map(bytes));
    sizes.push((await stat(path)).size);
  }
  await journal.close();
  return { sizes, file: await readFile(path) };
};

describe('Journal', () => {
  it('has what was acknowledged after a kill, wherever the file ends', async () => {
    const batches = [['a', 'bb'], ['ccc'], ['', 'd']];
    const { sizes, file } = await written(...batches);

    for (let size = 0; size <= file.length; size += 1) {
      await writeFile(path, file.subarray(0, size));
      const whole = sizes.filter((end) => end > 0 && end <= size).length;

      const journal = await Journal.recover(path, clock);

      expect(journal ? await contents(journal) : []).toEqual(batches.slice(0, whole).flat());
      if (journal) expect((await stat(path)).size).toBe(sizes[whole]);
      else await expect(stat(path)).rejects.toThrow('ENOENT');
    }
  });

  it('continues after the last valid frame of a torn journal', async () => {
    const { file } = await written(['a'], ['b']);
    await writeFile(path, file.subarray(0, -1));

    const journal = await Journal.recover(path, clock);
    await journal?.writePlan('{"key":"k"}');
    await journal?.close();

    const again = await Journal.recover(path, clock);
    expect(again).toMatchObject({ plan: '{"key":"k"}', records: 1, dataBytes: 1, oldestArrivalMs: clock.now() });
  });

  it('takes zeros behind the last frame for a torn tail, as a power failure leaves them', async () => {
    const { file } = await written(['a']);
    await writeFile(path, Buffer.concat([file, Buffer.alloc(100_000)]));

    expect(await Journal.recover(path, clock)).toMatchObject({ records: 1 });
  });

  it('never reads a changed byte as data', async () => {
    const { sizes, file } = await written(['first'], ['second']);

    for (let at = 0; at < file.length; at += 1) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x55, at);
      await writeFile(path, damaged);
      const isTail = at >= (sizes[1] ?? 0) + 12;

      const recovery = Journal.recover(path, clock).then((journal) => (journal ? contents(journal) : []));

      if (isTail) expect(await recovery).toEqual(['first']);
      else
        await expect(recovery).rejects.toMatchObject({
          name: 'JournalCorrupt',
          message: expect.stringContaining(path),
        });
    }
  });

  const origin = fc.record({
    shardId: fc.constantFrom('shardId-000000000000', 'shardId-000000000001'),
    sequenceNumber: fc.bigInt({ min: 1n, max: 2n ** 185n }).map(String),
    partitionKey: fc.string({ unit: 'grapheme', minLength: 1 }),
  });
  const data = fc.uint8Array({ maxLength: 40 });
  const batchesOf = <T>(record: fc.Arbitrary<T>) =>
    fc.array(fc.array(record, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
  const putBatches = batchesOf(data.map((bytes) => ({ data: bytes })));
  const streamBatches = batchesOf(fc.record({ data, arrivalMs: fc.nat(), origin }));

  it('keeps records, where they come from and their order when many callers append at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(putBatches, streamBatches), async (batches) => {
        const journal = new Journal(path, clock);
        await Promise.all(batches.map((batch) => journal.append(batch)));
        await journal.close();

        const recovered = await Journal.recover(path, clock);
        const found: JournalRecord[] = [];
        for await (const record of recovered?.read() ?? []) {
          found.push({ ...record, data: new Uint8Array(record.data) });
        }

        const wanted = batches.flatMap<JournalRecord>((batch) =>
          batch.map((record) => ({ arrivalMs: clock.now(), ...record, data: new Uint8Array(record.data) })),
        );
        expect(found).toEqual(wanted);
        expect(recovered?.records).toBe(wanted.length);
        const lastOfShard = wanted.flatMap(({ origin: from }) =>
          from === undefined ? [] : [[from.shardId, from.sequenceNumber] as const],
        );
        expect(recovered?.positions).toEqual(new Map(lastOfShard));
        await recovered?.remove();
      }),
      { numRuns: 25 },
    );
  });

  it('rejects records while the disk fails, accepts them afterwards, and stores no partial batch', async () => {
    const journal = new Journal(path, clock);
    await rename(folder, `${folder}-away`);
    await expect(journal.append([bytes('lost')])).rejects.toThrow('ENOENT');
    await mkdir(folder);

    await journal.append([bytes('kept')]);
    await journal.close();
    await rm(`${folder}-away`, { recursive: true });

    expect(journal.records).toBe(1);
    expect(await contents(journal)).toEqual(['kept']);
  });
});
