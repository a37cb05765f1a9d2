import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { MetricDelivery } from '../../src/cloudwatch/metric-delivery.ts';
import { AwsError } from '../../src/gateway/aws-error.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { createStatesService, type StatesService } from '../../src/states/service.ts';
import { KeptLines } from '../logs/kept-lines.ts';

const context = { region: 'eu-west-1', accountId: '111122223333', requestId: 'r', accessKeyId: 'local' };
/** The service on a clock that stands still. Its tasks reach no endpoint. */
export function setUp({ metrics }: { metrics?: MetricDelivery } = {}) {
  const clock = new ManualClock();
  const clients = createClients({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
  const logs = new KeptLines();
  return {
    clock,
    logs,
    service: createStatesService({
      ...{ clients: () => clients, clock, random: seededRandom(1), meter: unmetered, logs },
      ...(metrics && { metrics }),
    }),
  };
}

/** Calls an operation as the gateway does. */
export async function call(service: StatesService, operation: string, input: Record<string, unknown>) {
  const run = service.operations[operation];
  if (run === undefined) throw new Error(`no ${operation}`);
  return run(input, context);
}

/** The code and the text of the error that the promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<[string, string]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AwsError) return [error.name, error.message];
    throw error;
  }
  throw new Error('It succeeded.');
}
