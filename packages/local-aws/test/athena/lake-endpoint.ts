import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { createAthenaService } from '../../src/athena/service.ts';
import { createCloudFormationService } from '../../src/cloudformation/service.ts';
import type { StackOutputValue } from '../../src/cloudformation/stack.ts';
import { createFirehoseService } from '../../src/firehose/service.ts';
import type { Operation } from '../../src/gateway/local-service.ts';
import type { Intercept } from '../../src/gateway/wire.ts';
import { createGlueService } from '../../src/glue/service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { FakeEngine } from '../cloudformation/fake-engine.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

/** What a test changes of the endpoint. */
export interface LakeEndpointOptions {
  intercept?: Intercept;
  clock?: Clock;
  /** Operations of Glue that the runtime does not have. */
  glue?: Readonly<Record<string, Operation>>;
}

/** Athena, Glue, Firehose without functions, and CloudFormation beside the real engines, behind one endpoint. */
export interface LakeEndpoint extends Pick<TestEndpoint, 'clients' | 'endpoint' | 'stop'> {
  /** Makes a stack visible to DescribeStacks. */
  publish(stack: { name: string; outputs: readonly StackOutputValue[] }): void;
}

export async function startLakeEndpoint(options: LakeEndpointOptions = {}): Promise<LakeEndpoint> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'lake-'));
  const { clock = systemClock, intercept } = options;
  const place = { region: 'us-east-1', accountId: '000000000000' };
  const glue = createGlueService({ ...place, dataFolder, clock, meter: unmetered, clients: () => aws.ownClients });
  const athena = createAthenaService({
    dataFolder,
    clock,
    random: systemRandom,
    meter: unmetered,
    clients: () => aws.ownClients,
  });
  const firehose = createFirehoseService({
    ...{ dataFolder, clock, random: systemRandom, meter: unmetered, region: 'us-east-1', maxBufferIntervalSeconds: 0 },
    clients: () => aws.ownClients,
    functions: () => aws.ownClients.lambda,
  });
  const stacks = new FakeEngine();
  const cloudformation = createCloudFormationService({
    ...{ clock, random: systemRandom, engine: () => stacks, clients: () => aws.ownClients, log: () => {} },
    ...{ parameters: new Map(), types: new Map() },
  });
  await glue.start();
  await athena.start();
  const aws = await startTestEndpoint({
    dataFolder,
    services: [{ ...glue, operations: { ...glue.operations, ...options.glue } }, athena, firehose, cloudformation],
    ...(intercept === undefined ? {} : { intercept }),
  });
  return {
    clients: aws.ownClients,
    endpoint: aws.endpoint,
    publish: ({ name, outputs }) => stacks.put({ ...FakeEngine.stack(name), outputs }),
    async stop() {
      await firehose.stop();
      await athena.stop();
      await aws.stop();
      await glue.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
