import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GlueClient } from '@aws-sdk/client-glue';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { startGateway } from '../../src/gateway/gateway.ts';
import { createGlueService } from '../../src/glue/service.ts';
import { unmetered } from '../../src/meter/meter.ts';

/** Glue behind an endpoint, and a client of it. `restart` begins anew with the same folder. */
export async function startGlue() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'glue-'));
  const clock = new ManualClock(Date.parse('2026-03-01T10:20:30Z'));
  const begin = async () => {
    const place = { region: 'us-east-1', accountId: '000000000000' };
    const service = createGlueService({ ...place, dataFolder, clock, meter: unmetered, clients: () => clients });
    await service.start();
    const options = { ...place, port: 0, random: systemRandom, engines: [] };
    const gateway = await startGateway({ ...options, services: [service] });
    const clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
    const { glue } = await clients.lake();
    return {
      clients,
      glue,
      async end() {
        clients.destroy();
        await gateway.stop();
        await service.stop();
      },
    };
  };
  let running = await begin();
  return {
    dataFolder,
    clock,
    get clients() {
      return running.clients;
    },
    get glue(): GlueClient {
      return running.glue;
    },
    async restart() {
      await running.end();
      running = await begin();
    },
    async stop() {
      await running.end();
      await rm(dataFolder, { recursive: true });
    },
  };
}
