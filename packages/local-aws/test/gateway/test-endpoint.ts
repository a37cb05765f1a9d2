import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { MetricDelivery } from '../../src/cloudwatch/metric-delivery.ts';
import { type DynamoDbEngine, startDynamoDb } from '../../src/engines/dynamodb-engine.ts';
import { type KinesisEngine, startKinesis } from '../../src/engines/kinesis-engine.ts';
import { type ObjectsEngine, startObjects } from '../../src/engines/objects-engine.ts';
import { directTransport } from '../../src/gateway/direct-transport.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../src/gateway/gateway.ts';
import { UnitMeter } from '../../src/meter/meter.ts';

export interface TestEndpoint {
  /** `http://127.0.0.1:<free port>` */
  readonly endpoint: string;
  /** SDK clients for the endpoint, one attempt per call: a test sees every error. */
  readonly clients: AwsClients;
  /** The same without a socket, as the runtime's own parts have them: a call takes a third of the processor time. */
  readonly ownClients: AwsClients;
  readonly gateway: Gateway;
  readonly dynamodb: DynamoDbEngine;
  readonly kinesis: KinesisEngine;
  readonly objects: ObjectsEngine;
  readonly dataFolder: string;
  /** What the engines counted. */
  readonly meter: UnitMeter;
  /** Ends clients, gateway and engines; removes the folder unless the test brought it. */
  stop(): Promise<void>;
}

export interface TestEndpointOptions
  extends Partial<
    Pick<
      GatewayOptions,
      'services' | 'routes' | 'pages' | 'intercept' | 'log' | 'region' | 'allowOrigins' | 'allowHosts'
    >
  > {
  /** Keeps the engines' files, for tests that restart. Default: a new temporary folder. */
  dataFolder?: string;
  /** Of the engines of Kinesis, S3 and SQS. Default: the system's. */
  clock?: Clock;
  /** Where the engines put their metrics. Default: nowhere. */
  metrics?: MetricDelivery;
}

/**
 * The real engines and the real gateway on free loopback ports: `const aws = await startTestEndpoint()` in beforeAll,
 * `await aws.stop()` in afterAll. Takes about 100 ms.
 */
export async function startTestEndpoint(options: TestEndpointOptions = {}): Promise<TestEndpoint> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'local-aws-')));
  const region = options.region ?? 'us-east-1';
  const accountId = '000000000000';
  const meter = new UnitMeter();
  const ends: (() => Promise<unknown>)[] = [];
  if (options.dataFolder === undefined) ends.push(() => rm(dataFolder, { recursive: true, force: true }));
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const dynamodb = await startDynamoDb({
      dataFolder,
      region,
      random: systemRandom,
      clock: systemClock,
      meter,
      ...(options.metrics && { metrics: options.metrics }),
    });
    ends.push(() => dynamodb.stop());
    const kinesis = await startKinesis({
      ...{ dataFolder, region, accountId, meter },
      clock: options.clock ?? systemClock,
      ...(options.metrics && { metrics: options.metrics }),
    });
    ends.push(() => kinesis.stop());
    const objects = await startObjects({
      ...{ dataFolder, region, meter },
      clock: options.clock ?? systemClock,
      ...(options.metrics && { metrics: options.metrics }),
    });
    ends.push(() => objects.stop());
    const gateway: Gateway = await startGateway({
      port: 0,
      region,
      accountId,
      random: systemRandom,
      services: options.services ?? [],
      engines: [dynamodb, kinesis, objects],
      ...(options.routes === undefined ? {} : { routes: options.routes }),
      ...(options.pages === undefined ? {} : { pages: options.pages }),
      ...(options.intercept === undefined ? {} : { intercept: options.intercept }),
      ...(options.log === undefined ? {} : { log: options.log }),
      allowOrigins: options.allowOrigins ?? [],
      allowHosts: options.allowHosts ?? [],
    });
    ends.push(() => gateway.stop());
    const { endpoint } = gateway;
    const clients = createClients({ endpoint, region, maxAttempts: 1 });
    ends.push(async () => clients.destroy());
    const transport = directTransport(gateway.answer);
    const ownClients = createClients({ endpoint, region, maxAttempts: 1, transport });
    ends.push(async () => ownClients.destroy());
    return { endpoint, clients, ownClients, gateway, dynamodb, kinesis, objects, dataFolder, meter, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
