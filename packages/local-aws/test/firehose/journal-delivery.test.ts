import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { Problems } from '../../src/problems.ts';
import { call, create, type Fixture, put, startFixture, texts, until } from './fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.stop());

describe('buffering', () => {
  it('delivers when the interval of the first record is over, and not before', async () => {
    const service = fixture.service(fixture.dataFolder);
    await create(service, 'Clicks', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } });
    await put(service, 'Clicks', 'a');
    await fixture.clock.advance(30_000);
    await put(service, 'Clicks', 'b');
    await fixture.clock.advance(29_999);
    expect(await service.pending()).toEqual([{ what: 'delivery stream Clicks', detail: 'records in its buffer: 2' }]);

    await fixture.clock.advance(1);
    await until(async () => (await service.pending()).length === 0);

    expect(Object.values(await texts(fixture))).toEqual(['ab']);
  });

  it('lowers the interval to the local bound', async () => {
    const service = fixture.service(fixture.dataFolder, { maxBufferIntervalSeconds: 2 });
    await create(service, 'Clicks', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
    await put(service, 'Clicks', 'a');

    await fixture.clock.advance(2_000);
    await until(async () => (await service.pending()).length === 0);

    expect(Object.values(await texts(fixture))).toEqual(['a']);
  });

  it('delivers when the buffer is full, and starts another', async () => {
    const service = fixture.service(fixture.dataFolder);
    await create(service, 'Clicks', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
    const half = 'x'.repeat(512 * 1024);

    await put(service, 'Clicks', half);
    await put(service, 'Clicks', half);
    await put(service, 'Clicks', 'next');
    await until(async () => (await fixture.store.objects()).size === 1);

    expect(Object.values(await texts(fixture))).toEqual([half + half]);
    await until(async () => (await service.pending()).length === 1);
    expect(await service.pending()).toEqual([{ what: 'delivery stream Clicks', detail: 'records in its buffer: 1' }]);
  });

  it('concatenates records without a delimiter, as AWS does, unless told', async () => {
    const service = fixture.service(fixture.dataFolder);
    const delimiter = (parameters?: object[]) => ({
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [{ Type: 'AppendDelimiterToRecord', ...(parameters && { Parameters: parameters }) }],
      },
    });
    await create(service, 'Plain', { Prefix: 'plain/' });
    await create(service, 'Lines', { Prefix: 'lines/', ...delimiter([]) });
    await create(service, 'Named', {
      Prefix: 'named/',
      ...delimiter([{ ParameterName: 'Delimiter', ParameterValue: '\\n' }]),
    });
    await create(service, 'Off', {
      Prefix: 'off/',
      ProcessingConfiguration: { Enabled: false, Processors: delimiter().ProcessingConfiguration.Processors },
    });
    for (const name of ['Plain', 'Lines', 'Named', 'Off']) await put(service, name, '{"a":1}', '{"b":2}');

    await fixture.clock.advance(300_000);
    await until(async () => (await service.pending()).length === 0);

    const found = Object.entries(await texts(fixture)).map(([key, text]) => [key.split('/')[0], text]);
    expect(Object.fromEntries(found)).toEqual({
      plain: '{"a":1}{"b":2}',
      lines: '{"a":1}\n{"b":2}\n',
      named: '{"a":1}\n{"b":2}\n',
      off: '{"a":1}{"b":2}',
    });
  });

  it('keeps every byte of binary records', async () => {
    const service = fixture.service(fixture.dataFolder);
    await create(service, 'Clicks', { CompressionFormat: 'GZIP', FileExtension: '.bin.gz' });
    const data = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    await call(service, 'PutRecord', { DeliveryStreamName: 'Clicks', Record: { Data: data } });

    await fixture.clock.advance(300_000);
    await until(async () => (await service.pending()).length === 0);

    const [[key, bytes] = ['', Buffer.alloc(0)]] = [...(await fixture.store.objects())];
    expect(key).toMatch(/\.bin\.gz$/);
    expect(gunzipSync(bytes).equals(data)).toBe(true);
  });
});

describe('when S3 fails', () => {
  it('retries with growing waits until it succeeds, and reports the last error', async () => {
    let failures = 12;
    let attempts = 0;
    fixture.store.beforePut = async () => {
      attempts += 1;
      if (failures-- > 0) throw new Error('no such bucket');
    };
    const service = fixture.service(fixture.dataFolder);
    await create(service, 'Clicks');
    await put(service, 'Clicks', 'a');
    await fixture.clock.advance(300_000);
    await until(() => attempts === 1 && fixture.clock.sleeping === 1);
    expect(await service.pending()).toEqual([
      { what: 'delivery stream Clicks', detail: 'objects to put: 1, attempt 1 failed: Error: no such bucket' },
    ]);

    const waitsMs: number[] = [];
    for (let attempt = 2; attempt <= 13; attempt += 1) {
      const from = fixture.clock.now();
      while (attempts < attempt) {
        await fixture.clock.advance(250);
        await until(async () => fixture.clock.sleeping === 1 || (await service.pending()).length === 0);
      }
      waitsMs.push(fixture.clock.now() - from);
    }
    await until(async () => (await service.pending()).length === 0);

    expect(Object.values(await texts(fixture))).toEqual(['a']);
    expect(Math.max(...waitsMs.slice(0, 2))).toBeLessThanOrEqual(1_250);
    expect(Math.max(...waitsMs)).toBeLessThanOrEqual(30_250);
    expect(Math.min(...waitsMs.slice(-4))).toBeGreaterThanOrEqual(15_000);
  });

  it('is a problem of the runtime after some seconds, and until it succeeds', async () => {
    const lines: string[] = [];
    const problems = new Problems((line) => lines.push(line));
    let isDown = true;
    fixture.store.beforePut = async () => {
      if (isDown) throw new Error('no such bucket');
    };
    const service = fixture.service(fixture.dataFolder, { problems });
    await create(service, 'Clicks');
    await put(service, 'Clicks', 'a');
    await fixture.clock.advance(300_000);
    await until(() => fixture.clock.sleeping === 1);
    expect(problems.list).toEqual([]);
    await until(async () => {
      await fixture.clock.advance(1_000);
      return problems.list.length > 0;
    });
    isDown = false;
    await until(async () => {
      await fixture.clock.advance(30_000);
      return problems.list.length === 0;
    });
    expect(lines).toEqual([
      'delivery stream Clicks: its object cannot be put: Error: no such bucket. It tries again until it can. Nothing is lost.',
      'delivery stream Clicks: works again.',
    ]);
  });

  it('keeps accepting records and delivers them in order afterwards', async () => {
    let isDown = true;
    const keys: string[] = [];
    fixture.store.beforePut = async (key) => {
      if (isDown) throw new Error('down');
      keys.push(key);
    };
    const service = fixture.service(fixture.dataFolder);
    await create(service, 'Clicks');
    for (const record of ['a', 'b', 'c']) {
      await put(service, 'Clicks', record);
      await fixture.clock.advance(300_000);
    }

    isDown = false;
    // The last failed attempt may begin its wait after the clock was moved.
    await until(async () => {
      await fixture.clock.advance(30_000);
      return (await service.pending()).length === 0;
    });

    const objects = await texts(fixture);
    expect(keys.map((key) => objects[key])).toEqual(['a', 'b', 'c']);
  });

  it('stops at once and leaves the journal to the next start', async () => {
    let attempts = 0;
    fixture.store.beforePut = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('down');
    };
    const first = fixture.service(fixture.dataFolder);
    await create(first, 'Clicks');
    await put(first, 'Clicks', 'a');
    await fixture.clock.advance(300_000);
    await until(() => attempts === 1);
    await first.stop();
    await expect(put(first, 'Clicks', 'late')).rejects.toMatchObject({ name: 'ServiceUnavailableException' });

    const second = fixture.service(fixture.dataFolder);
    await create(second, 'Clicks');
    await until(async () => (await second.pending()).length === 0);

    expect(Object.values(await texts(fixture))).toEqual(['a']);
  });
});
