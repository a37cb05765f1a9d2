import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, type TableInput } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { z } from 'zod';
import { until } from '../../../kit/test/until.ts';
import type { EngineBounds } from '../../src/athena/engine/query-engine.ts';
import { createAthenaService } from '../../src/athena/service.ts';
import { startObjects } from '../../src/engines/objects-engine.ts';
import { directTransport } from '../../src/gateway/direct-transport.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { createGlueService } from '../../src/glue/service.ts';
import { UnitMeter, unmetered } from '../../src/meter/meter.ts';

const answerSchema = z.object({ QueryExecution: z.object({ Status: z.object({ State: z.string() }) }) });

export const bucket = 'lake';
/** Where results go. */
export const results = `s3://${bucket}/results/`;

/** A table of JSON lines in the bucket. */
export function jsonTable(name: string, columns: Record<string, string>, more: Partial<TableInput> = {}): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    StorageDescriptor: {
      Location: `s3://${bucket}/${name}/`,
      Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
      SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
    },
    ...more,
  };
}

/** Athena, Glue and S3 behind an endpoint, which clients reach without a socket, with a database `db` and a bucket. */
export async function startAthena(options: { bounds?: Partial<EngineBounds>; clock?: Clock } = {}) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'athena-'));
  const region = 'us-east-1';
  const { clock = systemClock, bounds = {} } = options;
  const meter = new UnitMeter();
  const objects = await startObjects({ clock, dataFolder, region, meter: unmetered });
  const begin = async () => {
    const glue = createGlueService({
      dataFolder,
      clock,
      meter,
      region,
      accountId: '000000000000',
      clients: () => clients,
    });
    const parts = { dataFolder, clock, random: systemRandom, meter };
    const athena = createAthenaService({ ...parts, clients: () => clients, bounds });
    await glue.start();
    await athena.start();
    const shared = { port: 0, region, accountId: '000000000000', random: systemRandom };
    const gateway = await startGateway({ ...shared, services: [glue, athena], engines: [objects] });
    const transport = directTransport(gateway.answer);
    const clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1, transport });
    return {
      clients,
      athena,
      endpoint: gateway.endpoint,
      async end() {
        await athena.stop();
        clients.destroy();
        await gateway.stop();
        await glue.stop();
      },
    };
  };
  let running = await begin();
  const lake = () => running.clients.lake();

  const start = async (QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> => {
    const { athena } = await lake();
    const command = new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: 'db' },
      ResultConfiguration: { OutputLocation: results },
      ...more,
    });
    return (await athena.send(command)).QueryExecutionId ?? '';
  };
  /** Looks without a client, whose calls would take longer than most queries. */
  const isOver = async (QueryExecutionId: string): Promise<boolean> => {
    const context = { region, accountId: '000000000000', requestId: 'r', accessKeyId: 'local' };
    const answer = await running.athena.operations.GetQueryExecution?.({ QueryExecutionId }, context);
    return !['QUEUED', 'RUNNING'].includes(answerSchema.parse(answer).QueryExecution.Status.State);
  };
  const end = async (QueryExecutionId: string): Promise<QueryExecution> => {
    const { athena } = await lake();
    await until(() => isOver(QueryExecutionId), { everyMs: 4 });
    const { QueryExecution: found } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return found ?? {};
  };
  const rowsOf = async (QueryExecutionId: string): Promise<(string | null)[][]> => {
    const { athena } = await lake();
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    return (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null));
  };

  const { glue } = await lake();
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'db' } }));
  await running.clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    dataFolder,
    /** Counts what queries scan. */
    meter,
    get clients() {
      return running.clients;
    },
    get endpoint() {
      return running.endpoint;
    },
    lake,
    start,
    /** Resolves with the execution when it is over. */
    end,
    /** The rows of a result that has ended, the names of the columns first. */
    rowsOf,
    /** Runs a query: its rows without the names of the columns, or the reason why it has none. */
    async query(
      sql: string,
      more: Partial<StartQueryExecutionCommandInput> = {},
    ): Promise<(string | null)[][] | string> {
      const id = await start(sql, more);
      const { Status } = await end(id);
      if (Status?.State !== 'SUCCEEDED') return Status?.StateChangeReason ?? '';
      return (await rowsOf(id)).slice(1);
    },
    async createTable(TableInput: TableInput): Promise<void> {
      await (await lake()).glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput }));
    },
    async put(Key: string, content: string | Uint8Array): Promise<void> {
      await running.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: content }));
    },
    /** Puts rows as JSON lines, compressed when the key ends in `.gz`. */
    async putRows(Key: string, rows: readonly object[]): Promise<void> {
      const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      await this.put(Key, Key.endsWith('.gz') ? gzipSync(lines) : lines);
    },
    async restart(): Promise<void> {
      await running.end();
      running = await begin();
    },
    async stop(): Promise<void> {
      await running.end();
      await objects.stop();
      await rm(dataFolder, { recursive: true });
    },
  };
}
