import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Firehose } from './fixture.ts';
import {
  delivered,
  newSource,
  passTimeUntil,
  type SourceFixture,
  startSourceFixture,
  whenDelivered,
} from './source-fixture.ts';

let fixture: SourceFixture;

beforeEach(async () => {
  fixture = await startSourceFixture();
});
afterEach(() => fixture.stop());

/** Kill points: `arm` returns the folder as it was at the kill, once it is reached. */
const killPoints: Record<string, (service: Firehose) => () => Promise<string | undefined>> = {
  'before it is read': () => () => fixture.snapshot(),
  'when it is in a journal': (service) => async () =>
    JSON.stringify(await service.pending()).includes('in its buffer: 2') ? fixture.snapshot() : undefined,
  'before the object is put': () => {
    let folder: string | undefined;
    fixture.store.beforePut = async () => {
      folder ??= await fixture.snapshot();
      throw new Error('killed');
    };
    return async () => folder;
  },
  'after the object is put, before the checkpoint': () => {
    let folder: string | undefined;
    fixture.store.afterPut = async () => {
      folder ??= await fixture.snapshot();
      throw new Error('killed');
    };
    return async () => folder;
  },
};

describe('after kill -9 of a reader', () => {
  it.each(Object.keys(killPoints))('a record is delivered that arrived %s', async (name) => {
    const first = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    fixture.put('2');
    const killed = killPoints[name]?.(first);
    let folder: string | undefined;
    await passTimeUntil(fixture, async () => {
      folder ??= await killed?.();
      return folder !== undefined;
    });
    await first.stop();
    fixture.store.beforePut = async () => {};
    fixture.store.afterPut = async () => {};
    fixture.put('3');
    await whenDelivered(fixture, await fixture.run(folder ?? ''));

    // The journals hold the positions, so a replay overwrites the same object and repeats nothing.
    expect((await delivered(fixture)).sort()).toEqual(['1', '2', '3']);
  });

  it('a lost journal is read again from the source', async () => {
    const first = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    await passTimeUntil(fixture, async () => JSON.stringify(await first.pending()).includes('in its buffer: 1'));
    const folder = await fixture.snapshot();
    await rm(join(folder, 'firehose', 'Lake', '00000001.journal'));
    await first.stop();
    await whenDelivered(fixture, await fixture.run(folder));

    expect(await delivered(fixture)).toEqual(['1']);
  });

  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), shard: fc.nat(3) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(250, 1_000, 60_000) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'split' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'kill' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('fail S3' as const), when: fc.constantFrom('before', 'after') }),
    },
  );

  it('every record is delivered, whatever happens in between', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const own = { ...fixture, ...newSource(fixture) };
        runs += 1;
        const s3 = { Prefix: `run-${runs}/`, BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } };
        let folder = join(fixture.dataFolder, `run-${runs}`);
        let service = await own.run(folder, s3);
        try {
          const open = ['shard-0'];
          const put: string[] = [];
          for (const each of steps) {
            switch (each.kind) {
              case 'put': {
                const text = `record ${put.length}`;
                own.put(text, open[each.shard % open.length]);
                put.push(text);
                break;
              }
              case 'wait':
                await own.clock.advance(each.ms);
                break;
              case 'split': {
                const parent = open.shift() ?? '';
                own.stream.close(parent);
                for (const half of ['a', 'b']) {
                  own.stream.addShard(`${parent}${half}`, [parent]);
                  open.push(`${parent}${half}`);
                }
                break;
              }
              case 'kill': {
                folder = await own.snapshot(folder);
                await service.stop();
                service = await own.run(folder, s3);
                break;
              }
              case 'fail S3': {
                const hook = each.when === 'before' ? 'beforePut' : 'afterPut';
                own.store[hook] = async () => {
                  own.store[hook] = async () => {};
                  throw new Error('S3 is down');
                };
              }
            }
          }
          await whenDelivered(own, service);
          const found = await delivered(own, s3.Prefix);
          expect(new Set(found)).toEqual(new Set(put));
        } finally {
          await service.stop();
        }
      }),
      { numRuns: 15 },
    );
  });
});
