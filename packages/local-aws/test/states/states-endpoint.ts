import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { startGateway } from '../../src/gateway/gateway.ts';
import type { Operation } from '../../src/gateway/local-service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { createStatesService } from '../../src/states/service.ts';
import { createStsService } from '../../src/sts/service.ts';
import { emptyAccess } from '../iam/empty-access.ts';

export interface StatesEndpoint {
  readonly endpoint: string;
  readonly clients: AwsClients;
  stop(): Promise<void>;
}

/**
 * Step Functions and STS alone on a free loopback port. `testState` wraps the operation, to answer as AWS would where
 * it differs.
 */
export async function startStatesEndpoint(
  testState: (operation: Operation) => Operation = (operation) => operation,
): Promise<StatesEndpoint> {
  const states = createStatesService({
    clients: () => clients,
    clock: systemClock,
    random: systemRandom,
    meter: unmetered,
  });
  const { TestState } = states.operations;
  if (TestState === undefined) throw new Error('The service has no TestState.');
  const gateway = await startGateway({
    port: 0,
    region: 'eu-west-1',
    accountId: '111122223333',
    random: systemRandom,
    services: [
      { ...states, operations: { ...states.operations, TestState: testState(TestState) } },
      createStsService({ clock: systemClock, access: emptyAccess() }),
    ],
    engines: [],
  });
  const clients = createClients({ endpoint: gateway.endpoint, region: 'eu-west-1', maxAttempts: 1 });
  return {
    endpoint: gateway.endpoint,
    clients,
    async stop() {
      clients.destroy();
      await states.stop();
      await gateway.stop();
    },
  };
}
