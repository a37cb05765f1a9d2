import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';

const appFolder = join(import.meta.dirname, '../../examples/sensors');
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ appFolder });
}, 60_000);
afterAll(() => runtime?.stop());

it('keeps the highest temperature of each sensor', async () => {
  await put(runtime, reading('roof', 21.5), reading('roof', 24), reading('roof', 80, 'humidity'));
  await runtime.whenIdle();
  await put(runtime, reading('cellar', 12), reading('roof', 19));
  await runtime.whenIdle();
  expect(await highest(runtime)).toEqual({ cellar: '12', roof: '24' });
});

it('stores a reading although an answer is lost and a write is throttled', async () => {
  const operations: string[] = [];
  const faulty = await startRuntime({
    assemblyFolder: join(runtime.dataFolder, 'assembly'),
    random: seededRandom(7),
    faults: 'states.StartSyncExecution:lose-answer=100%x1 dynamodb.UpdateItem:throttle=100%x1 seed=7',
    async intercept(call, forward) {
      operations.push(`${call.service}.${call.operation}`);
      return forward();
    },
  });
  try {
    await put(faulty, reading('roof', 24));
    await faulty.whenIdle();
    expect(await highest(faulty)).toEqual({ roof: '24' });
    expect(faulty.faultCounts()).toEqual({ 'lose-answer': 1, throttle: 1 });
    expect(operations.filter((operation) => operation === 'states.StartSyncExecution')).toHaveLength(2);
  } finally {
    await faulty.stop();
    expect(existsSync(faulty.dataFolder)).toBe(false);
  }
}, 30_000);

function reading(sensor: string, value: number, kind = 'temperature') {
  return { PartitionKey: sensor, Data: Buffer.from(JSON.stringify({ sensor, kind, value })) };
}

function clientOptions({ endpoint }: Runtime) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

async function put(runtime: Runtime, ...Records: ReturnType<typeof reading>[]): Promise<void> {
  const kinesis = new KinesisClient(clientOptions(runtime));
  await kinesis.send(new PutRecordsCommand({ StreamName: runtime.outputs.StreamName, Records }));
  kinesis.destroy();
}

async function highest(runtime: Runtime): Promise<Record<string, string | undefined>> {
  const dynamodb = new DynamoDBClient(clientOptions(runtime));
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: runtime.outputs.TableName }));
  dynamodb.destroy();
  return Object.fromEntries(Items.map(({ sensor, temperature }) => [sensor?.S, temperature?.N]));
}
