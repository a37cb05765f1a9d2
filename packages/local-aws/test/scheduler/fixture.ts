import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { startObjects } from '../../src/engines/objects-engine.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import type { LocalService } from '../../src/gateway/local-service.ts';
import { UnitMeter, unmetered } from '../../src/meter/meter.ts';
import { createSchedulerService } from '../../src/scheduler/service.ts';

const region = 'us-east-1';

/** ARN of the function that the fixture knows. */
export const functionArn = `arn:aws:lambda:${region}:000000000000:function:job`;

/** A schedule of the function, every hour. */
export const hourly: CreateScheduleCommandInput = {
  Name: 'job',
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: functionArn, RoleArn: 'arn:aws:iam::000000000000:role/scheduler' },
};

/** Scheduler, queues and a function that a test answers for. `restart` begins anew with the same folder. */
export async function startScheduler() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'scheduler-'));
  const clock = new ManualClock(Date.parse('2026-11-20T10:00:00Z'));
  const calls: { atMs: number; payload: string }[] = [];
  const lines: string[] = [];
  const meter = new UnitMeter();
  const job = {
    deadLetterArn: '',
    /** Throws what the call answers; a string is an error of the function. */
    answer: (): string | undefined | Promise<string | undefined> => undefined,
  };
  const lambda: LocalService = {
    signingName: 'lambda',
    operations: {
      Invoke: async ({ Payload }) => {
        calls.push({
          atMs: clock.now(),
          payload: Payload instanceof Uint8Array ? Buffer.from(Payload).toString() : '',
        });
        const error = await job.answer();
        if (error === undefined) return { StatusCode: 200, Payload: Buffer.from('null') };
        return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(error) };
      },
      GetFunctionConfiguration: async () => ({
        FunctionName: 'job',
        DeadLetterConfig: { TargetArn: job.deadLetterArn },
      }),
    },
  };
  const objects = await startObjects({ clock, dataFolder, region, meter: unmetered });
  const begin = async () => {
    let clients: AwsClients | undefined;
    const service = createSchedulerService({
      clock,
      random: systemRandom,
      dataFolder,
      meter,
      log: (line) => lines.push(line),
      clients: () => {
        if (clients === undefined) throw new Error('The endpoint has not started.');
        return clients;
      },
    });
    const services = [service, lambda];
    const options = { port: 0, region, accountId: '000000000000', random: systemRandom, engines: [objects] };
    const gateway = await startGateway({ ...options, services });
    clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
    await service.start();
    const scheduler: SchedulerClient = await clients.scheduler();
    return {
      clients,
      scheduler,
      inFlight: service.inFlight,
      async end() {
        await service.stop();
        clients?.destroy();
        await gateway.stop();
      },
    };
  };
  let running = await begin();
  return {
    clock,
    calls,
    lines,
    meter,
    job,
    get clients() {
      return running.clients;
    },
    get scheduler() {
      return running.scheduler;
    },
    get sqs() {
      return running.clients.sqs;
    },
    inFlight: () => running.inFlight(),
    stopService: () => running.end(),
    async restart() {
      running = await begin();
    },
    async stop() {
      await running.end();
      await objects.stop();
      await rm(dataFolder, { recursive: true });
    },
  };
}
