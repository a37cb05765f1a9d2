import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FirehoseServiceOptions } from '../../src/firehose/service.ts';
import { FakeStream, streamArn } from '../pipes/fixture.ts';
import { call, destination, type Firehose, type Fixture, startFixture, texts, until } from './fixture.ts';

/** A Firehose that reads a Kinesis stream in memory. A test's records are texts without a newline. */
export async function startSourceFixture() {
  const fixture = await startFixture();
  return { ...fixture, ...newSource(fixture) };
}

/** A Kinesis stream in memory, and how a delivery stream reads it. */
export function newSource(fixture: Fixture) {
  const stream = new FakeStream(fixture.clock);
  return {
    stream,
    put: (text: string, shardId?: string) => stream.put(Buffer.from(text), shardId),
    /** A process over a data folder, with the delivery stream `Lake`. */
    run: async (dataFolder: string, s3: object = {}, options: Partial<FirehoseServiceOptions> = {}) => {
      const service = fixture.service(dataFolder, { source: () => stream, ...options });
      await createLake(service, s3);
      return service;
    },
  };
}

export type SourceFixture = Awaited<ReturnType<typeof startSourceFixture>>;

export async function createLake(service: Firehose, s3: object = {}): Promise<void> {
  await call(service, 'CreateDeliveryStream', {
    DeliveryStreamName: 'Lake',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn, RoleARN: 'arn:aws:iam::000000000000:role/Source' },
    ExtendedS3DestinationConfiguration: {
      ...destination,
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
      ...s3,
    },
  });
}

/** Lets time pass until the condition holds: shards are read at most 250 ms after a write. */
export async function passTimeUntil(
  { clock }: Pick<Fixture, 'clock'>,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  await until(async () => {
    await clock.advance(250);
    return isSo();
  });
}

/** Lets time pass until everything is in S3. */
export async function whenDelivered(fixture: Pick<Fixture, 'clock'>, service: Firehose): Promise<void> {
  await passTimeUntil(fixture, async () => (await service.pending()).length === 0);
}

/** The records in S3 under a prefix, in the order of the keys. */
export async function delivered(fixture: Fixture, prefix = ''): Promise<string[]> {
  const found = Object.entries(await texts(fixture)).filter(([key]) => key.startsWith(prefix));
  const objects = found.sort(([a], [b]) => (a < b ? -1 : 1));
  return objects.flatMap(([, text]) => text.split('\n').slice(0, -1));
}

/** The checkpoint in a data folder: positions by shard. */
export async function checkpointOf(dataFolder: string): Promise<Record<string, { at: string }>> {
  const file = await readFile(join(dataFolder, 'firehose', 'Lake', 'checkpoint.json'), 'utf8');
  return JSON.parse(file).sources[streamArn].shards;
}
