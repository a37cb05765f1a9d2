import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { createFirehoseService, type FirehoseServiceOptions } from '../../src/firehose/service.ts';
import type { RequestContext } from '../../src/gateway/local-service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { KeptLines } from '../logs/kept-lines.ts';
import { bucket, startObjectStore } from './object-store.ts';

const context: RequestContext = {
  region: 'us-east-1',
  accountId: '000000000000',
  requestId: 'r',
  accessKeyId: 'local',
};

/** The smallest destination that CreateDeliveryStream takes. */
export const destination = { RoleARN: 'arn:aws:iam::000000000000:role/Firehose', BucketARN: `arn:aws:s3:::${bucket}` };

/** A Firehose over a real S3 engine with a manual clock. A kill is a new service over a copy of its folder. */
export async function startFixture() {
  const store = await startObjectStore();
  const clock = new ManualClock(Date.parse('2026-03-01T10:20:30Z'));
  const home = await mkdtemp(join(tmpdir(), 'firehose-'));
  const services: ReturnType<typeof createFirehoseService>[] = [];
  const logs = new KeptLines();
  let copies = 0;

  const service = (dataFolder: string, options: Partial<FirehoseServiceOptions> = {}) => {
    const made = createFirehoseService({
      clients: store.clients,
      functions: () => {
        throw new Error('no function is configured');
      },
      clock,
      meter: unmetered,
      random: seededRandom(services.length + 1),
      dataFolder,
      region: 'us-east-1',
      maxBufferIntervalSeconds: 900,
      logs,
      ...options,
    });
    services.push(made);
    return made;
  };

  return {
    store,
    clock,
    logs,
    service,
    dataFolder: join(home, 'data'),
    /** A copy of a data folder, as after a kill now. Default: the first one. */
    snapshot: async (folder = join(home, 'data')): Promise<string> => {
      for (;;) {
        copies += 1;
        const copy = join(home, `copy-${copies}`);
        try {
          await cp(folder, copy, { recursive: true });
          return copy;
        } catch (error) {
          // A file that was removed meanwhile.
          if (!hasCode(error, 'ENOENT')) throw error;
        }
      }
    },
    stop: async () => {
      await Promise.all(services.map((each) => each.stop()));
      await store.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
export type Firehose = ReturnType<Fixture['service']>;

/** Calls an operation as the gateway does. */
export async function call(service: Firehose, operation: string, input: Record<string, unknown>): Promise<object> {
  const run = service.operations[operation];
  if (run === undefined) throw new Error(`no operation ${operation}`);
  return run(input, context);
}

export async function create(service: Firehose, name: string, s3: Record<string, unknown> = {}): Promise<void> {
  await call(service, 'CreateDeliveryStream', {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: { ...destination, ...s3 },
  });
}

export async function put(service: Firehose, name: string, ...records: string[]): Promise<object> {
  return call(service, 'PutRecordBatch', {
    DeliveryStreamName: name,
    Records: records.map((text) => ({ Data: Buffer.from(text) })),
  });
}

export { until } from '../../../kit/test/until.ts';

/** The store's objects as text by key, unzipped where the key ends in .gz. */
export async function texts(fixture: Fixture): Promise<Record<string, string>> {
  const objects = await fixture.store.objects();
  return Object.fromEntries(
    [...objects].map(([key, bytes]) => [key, (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()]),
  );
}
