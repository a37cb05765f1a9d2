import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnitMeter } from '../../src/meter/meter.ts';
import { SourceWrites } from '../../src/pipes/source-writes.ts';
import { Problems } from '../../src/problems.ts';
import { streamArn } from '../pipes/fixture.ts';
import { call, put, texts, until } from './fixture.ts';
import {
  checkpointOf,
  createLake,
  delivered,
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

const resourceNotFound = () => Object.assign(new Error('no such stream'), { name: 'ResourceNotFoundException' });

describe('a Kinesis stream as the source', () => {
  it('is read from its end at the creation of the delivery stream', async () => {
    fixture.put('before');
    const service = await fixture.run(fixture.dataFolder);
    fixture.put('after');
    await whenDelivered(fixture, service);

    expect(await delivered(fixture)).toEqual(['after']);
  });

  it('is described, and listed by its type', async () => {
    const service = await fixture.run(fixture.dataFolder);

    expect(await call(service, 'DescribeDeliveryStream', { DeliveryStreamName: 'Lake' })).toMatchObject({
      DeliveryStreamDescription: {
        DeliveryStreamType: 'KinesisStreamAsSource',
        Source: {
          KinesisStreamSourceDescription: {
            KinesisStreamARN: streamArn,
            RoleARN: 'arn:aws:iam::000000000000:role/Source',
            DeliveryStartTimestamp: new Date(fixture.clock.now()),
          },
        },
      },
    });
    const list = (DeliveryStreamType: string) => call(service, 'ListDeliveryStreams', { DeliveryStreamType });
    expect(await list('KinesisStreamAsSource')).toMatchObject({ DeliveryStreamNames: ['Lake'] });
    expect(await list('DirectPut')).toMatchObject({ DeliveryStreamNames: [] });
  });

  // The message: https://github.com/aws/aws-cli/issues/7010
  it('takes no other records', async () => {
    const service = await fixture.run(fixture.dataFolder);

    await expect(put(service, 'Lake', 'x')).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    });
  });

  it('is an argument that must name a stream', async () => {
    fixture.stream.listShards = () => Promise.reject(resourceNotFound());

    await expect(fixture.run(fixture.dataFolder)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringMatching(/^KinesisStreamSourceConfiguration\.KinesisStreamARN: .*no such stream/),
    });
  });

  it('is read in the order of each shard, parents before children', async () => {
    const service = await fixture.run(fixture.dataFolder);
    for (const text of ['1', '2', '3']) fixture.put(text);
    fixture.stream.close('shard-0');
    fixture.stream.addShard('shard-1', ['shard-0']);
    fixture.stream.addShard('shard-2', ['shard-0']);
    for (const [text, shard] of [
      ['4', 'shard-1'],
      ['5', 'shard-2'],
      ['6', 'shard-1'],
    ] as const) {
      fixture.put(text, shard);
    }
    await whenDelivered(fixture, service);

    const found = await delivered(fixture);
    expect(found.slice(0, 3)).toEqual(['1', '2', '3']);
    expect(found.slice(3).sort()).toEqual(['4', '5', '6']);
    expect(found.indexOf('4')).toBeLessThan(found.indexOf('6'));
    expect(await checkpointOf(fixture.dataFolder)).toMatchObject({ 'shard-0': { at: 'end' } });
  });

  it('has its checkpoint moved when the object is in S3, not before', async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let puts = 0;
    fixture.store.beforePut = () => {
      puts += 1;
      return held;
    };
    const service = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    await passTimeUntil(fixture, () => puts === 1);
    expect(await checkpointOf(fixture.dataFolder)).toEqual({ 'shard-0': { at: 'oldest' } });
    expect(service.readers()[0]?.positions?.get('shard-0')).toEqual({ at: 'oldest' });

    letGo();
    await whenDelivered(fixture, service);
    expect(await checkpointOf(fixture.dataFolder)).toEqual({ 'shard-0': { at: 'after', sequenceNumber: '1' } });
  });

  it('names objects by the arrival in the stream', async () => {
    const first = await fixture.run(fixture.dataFolder);
    await first.stop();
    fixture.put('1');
    await fixture.clock.advance(3_600_000);
    await whenDelivered(fixture, await fixture.run(fixture.dataFolder));

    expect(Object.keys(await texts(fixture))).toEqual([
      expect.stringMatching(/^2026\/03\/01\/10\/Lake-1-2026-03-01-10-20-30-/),
    ]);
  });

  it('is counted: bytes read, and ingested bytes in steps of 5 KB', async () => {
    const meter = new UnitMeter();
    const service = await fixture.run(fixture.dataFolder, {}, { meter });
    fixture.put('12345');
    fixture.put('x'.repeat(6000));
    await whenDelivered(fixture, service);

    expect(meter.stack).toMatchObject({ kinesisReadBytes: 6005, firehoseBytes: 3 * 5 * 1024 });
  });

  it('may have records of 10 MiB', async () => {
    const service = await fixture.run(fixture.dataFolder);
    fixture.put('x'.repeat(10 * 1024 * 1024));
    fixture.put('y');
    await whenDelivered(fixture, service);

    expect((await delivered(fixture)).map(({ length }) => length).sort()).toEqual([1, 10 * 1024 * 1024]);
  });

  it('is read every 15 seconds while nothing is written, and at once after a write', async () => {
    const writes = new SourceWrites();
    const service = await fixture.run(fixture.dataFolder, {}, { writes });
    await fixture.clock.advance(60_000);
    const readsBefore = fixture.stream.reads;
    await fixture.clock.advance(60_000);
    expect(fixture.stream.reads - readsBefore).toBeLessThanOrEqual(4);

    fixture.put('1');
    writes.note();
    await until(async () => JSON.stringify(await service.pending()).includes('in its buffer: 1'));
  });

  it('shows in the idle list how far the delivery stream is behind', async () => {
    const service = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    fixture.put('2');

    expect(await service.pending()).toEqual([{ what: 'delivery stream Lake', detail: '2 records behind on shard-0' }]);
    await passTimeUntil(fixture, async () =>
      JSON.stringify(await service.pending()).includes('records in its buffer: 2'),
    );
    expect(await service.pending()).toHaveLength(1);
  });

  it('waits while two objects wait for S3', async () => {
    let isDown = true;
    fixture.store.beforePut = async () => {
      if (isDown) throw new Error('S3 is down');
    };
    const service = await fixture.run(fixture.dataFolder, {
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 },
    });
    for (let each = 0; each < 10; each += 1) {
      fixture.put(`${each}`.repeat(1024 * 1024));
      await fixture.clock.advance(1000);
    }
    await passTimeUntil(fixture, async () => JSON.stringify(await service.pending()).includes('objects to put: 2'));
    expect(JSON.stringify(await service.pending())).toContain('records behind on shard-0');

    isDown = false;
    await whenDelivered(fixture, service);
    const found = (await delivered(fixture)).map((text) => text.charAt(0));
    expect([...found].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('is a problem when it cannot be read for five seconds, and no longer when it can', async () => {
    const lines: string[] = [];
    const problems = new Problems((line) => lines.push(line));
    const service = await fixture.run(fixture.dataFolder, {}, { problems });
    const { getRecords } = fixture.stream;
    fixture.stream.getRecords = () => Promise.reject(new Error('Kinesis is down'));
    fixture.put('1');
    await passTimeUntil(fixture, () => problems.list.length > 0);
    expect(problems.list).toEqual([
      {
        what: 'source of delivery stream Lake',
        why: expect.stringContaining('Its source cannot be read: Kinesis is down'),
        do: expect.any(String),
      },
    ]);

    fixture.stream.getRecords = getRecords;
    await whenDelivered(fixture, service);
    expect(problems.list).toEqual([]);
    expect(await delivered(fixture)).toEqual(['1']);
  });

  it('that was deleted and created again stops the reader, which says why', async () => {
    const problems = new Problems(() => {});
    const first = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    await whenDelivered(fixture, first);
    await first.stop();
    fixture.stream.openIterator = () =>
      Promise.reject(Object.assign(new Error('no such number'), { name: 'InvalidArgumentException' }));
    const second = await fixture.run(fixture.dataFolder, {}, { problems });
    await until(() => problems.list.length > 0);

    expect(problems.list[0]).toMatchObject({ what: 'source of delivery stream Lake' });
    expect(problems.list[0]?.why).toMatch(/^is not read: .*does not belong to/);
    expect(await second.pending()).toEqual([
      { what: 'delivery stream Lake', detail: expect.stringContaining('does not read its source') },
    ]);
  });

  it('is read from its end again after the delivery stream was deleted', async () => {
    const service = await fixture.run(fixture.dataFolder);
    fixture.put('1');
    await whenDelivered(fixture, service);
    await call(service, 'DeleteDeliveryStream', { DeliveryStreamName: 'Lake' });
    await until(() => service.readers().length === 0);
    fixture.put('2');
    await createLake(service);
    fixture.put('3');
    await whenDelivered(fixture, service);

    expect((await delivered(fixture)).sort()).toEqual(['1', '3']);
  });
});
