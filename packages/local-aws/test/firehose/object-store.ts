import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { buildApp } from 'fauxqs';

/** A real S3 engine in memory, on a free port of the loopback, with one bucket, whose puts a test can hold or fail. */
export interface ObjectStore {
  clients: () => AwsClients;
  /** Called before each put. Its error is the error of the call. */
  beforePut: (key: string) => Promise<void>;
  /** Called after each put, before its answer. */
  afterPut: (key: string) => Promise<void>;
  /** Every object's bytes by key. */
  objects(): Promise<Map<string, Buffer>>;
  stop(): Promise<void>;
}

export const bucket = 'archive';

export async function startObjectStore(): Promise<ObjectStore> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const readers = createClients({ endpoint });
  const writers = createClients({ endpoint, maxAttempts: 1 });
  await readers.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const store: ObjectStore = {
    clients: () => writers,
    beforePut: async () => {},
    afterPut: async () => {},
    objects: async () => {
      const { Contents = [] } = await readers.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      const found = new Map<string, Buffer>();
      for (const { Key = '' } of Contents) {
        const { Body } = await readers.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        found.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
      }
      return found;
    },
    stop: async () => {
      readers.destroy();
      writers.destroy();
      await app.close();
    },
  };
  writers.s3.middlewareStack.add(
    (next) => async (call) => {
      const key = 'Key' in call.input ? String(call.input.Key) : '';
      await store.beforePut(key);
      const result = await next(call);
      await store.afterPut(key);
      return result;
    },
    { step: 'initialize' },
  );
  return store;
}
