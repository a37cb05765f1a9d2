import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { strToU8, zipSync } from 'fflate';
import type { MetricDelivery } from '../../src/cloudwatch/metric-delivery.ts';
import type { RequestContext } from '../../src/gateway/local-service.ts';
import type { FunctionFaults } from '../../src/lambda/faults.ts';
import { createLambdaService } from '../../src/lambda/service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { KeptLines } from '../logs/kept-lines.ts';

const context: RequestContext = {
  region: 'us-east-1',
  accountId: '000000000000',
  requestId: 'r',
  accessKeyId: 'local',
};

/** A deployment package with these files. */
export function zip(files: Record<string, string>): Uint8Array {
  const contents = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  // The same bytes at any time: a package is new where its hash is.
  return zipSync(Object.fromEntries(contents), { mtime: new Date(1980, 0, 1) });
}

/** The Lambda service over a folder of its own. */
export async function startFixture(
  options: { clock?: Clock; endpoint?: string; faults?: FunctionFaults; metrics?: MetricDelivery } = {},
) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'lambda-'));
  const logs = new KeptLines();
  const service = createLambdaService({
    logs,
    clock: options.clock ?? systemClock,
    random: seededRandom(1),
    meter: unmetered,
    dataFolder,
    endpoint: () => options.endpoint,
    ...(options.faults && { faults: options.faults }),
    ...(options.metrics && { metrics: options.metrics }),
  });

  const call = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const run = service.operations[operation];
    if (run === undefined) throw new Error(`no operation ${operation}`);
    return { ...(await run(input, context)) };
  };
  return {
    service,
    dataFolder,
    logs,
    /** What the function printed. */
    printed: (name: string): string => logs.text(`/aws/lambda/${name}`),
    call,
    /** Creates a function from the text of its `index.mjs`, or from several files. */
    deploy: async (
      name: string,
      code: string | Record<string, string>,
      properties: Record<string, unknown> = {},
    ): Promise<void> => {
      const files = typeof code === 'string' ? { 'index.mjs': code } : code;
      await call('CreateFunction', {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/R',
        Code: { ZipFile: zip(files) },
        ...properties,
      });
    },
    /** What the function answers, parsed; `error` is set when it failed. */
    invoke: async (
      name: string,
      event: unknown = {},
      properties: Record<string, unknown> = {},
    ): Promise<{ answer: unknown; error: unknown; log: string }> => {
      const output = await call('Invoke', {
        FunctionName: name,
        Payload: Buffer.from(JSON.stringify(event)),
        LogType: 'Tail',
        ...properties,
      });
      return {
        answer: output.Payload instanceof Uint8Array ? JSON.parse(Buffer.from(output.Payload).toString()) : undefined,
        error: output.FunctionError,
        log: Buffer.from(String(output.LogResult), 'base64').toString(),
      };
    },
    stop: async () => {
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
