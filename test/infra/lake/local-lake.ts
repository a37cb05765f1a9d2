import { gzipSync } from 'node:zlib';
import { CreateNamedQueryCommand, CreateWorkGroupCommand, type WorkGroupConfiguration } from '@aws-sdk/client-athena';
import {
  CreateCrawlerCommand,
  type CreateCrawlerCommandInput,
  CreateDatabaseCommand,
  CreateTableCommand,
  type TableInput,
} from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import {
  type LakeEndpoint,
  type LakeEndpointOptions,
  startLakeEndpoint,
} from '../../../packages/local-aws/test/athena/lake-endpoint.ts';
import { deployed, returnValue } from '../iam/physical.ts';
import { ofType, synthesize } from '../synthesis.ts';

/** The catalog and the queries of a lake's stack on the real engines, with a bucket to put rows into. */
export interface LocalLake extends Pick<LakeEndpoint, 'clients' | 'endpoint' | 'stop'> {
  /** Of the stack, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The named queries of the template, by name. */
  readonly queries: ReadonlyMap<string, string>;
  /** Puts rows as Firehose does: gzipped JSON lines below the prefix of their hour (`2026/11/20/10`). */
  putRows(datehour: string, rows: readonly object[], name?: string): Promise<void>;
  /** The same without compression. */
  putLines(datehour: string, rows: readonly object[]): Promise<void>;
  /** Makes a stack visible to DescribeStacks. */
  publish(name: string, outputs: Readonly<Record<string, string>>): void;
}

/** Options of the stack without their prefix, and what a test changes of the endpoint. */
export interface LocalLakeOptions extends LakeEndpointOptions {
  /** Default `TweetLake`. */
  stack?: keyof typeof lakes;
  config?: Record<string, unknown>;
}

/** The outputs of each lake, and the folder of its rows. */
const lakes = {
  TweetLake: { names: 'Lake', workGroup: 'WorkGroupName', folder: 'tweets' },
  SalesLake: { names: 'Sales', workGroup: 'SalesWorkGroupName', folder: 'sales' },
} as const;

const output = z.object({ Value: z.union([z.string(), z.object({ Ref: z.string() })]) });
const namedQuery = z.object({ Name: z.string(), Description: z.string(), QueryString: z.string() });
const named = z.object({ Name: z.string() });

/** Creates what the template of a lake has of Glue and Athena, through the API. The stack is published. */
export async function startLocalLake({
  config = {},
  stack = 'TweetLake',
  ...options
}: LocalLakeOptions = {}): Promise<LocalLake> {
  const { names, workGroup: workGroupOutput, folder } = lakes[stack];
  const aws = await startLakeEndpoint(options);
  const synthesized = synthesize(config, stack);
  const template = deployed(synthesized);
  const all = (type: string) => Object.values(ofType(template, type));
  const [database] = all('AWS::Glue::Database').map(({ DatabaseInput }) => named.parse(DatabaseInput).Name);
  const [workGroup] = all('AWS::Athena::WorkGroup').map((properties) => named.parse(properties).Name);
  const outputs: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(synthesized.Outputs).map(([name, value]) => {
        const { Value } = output.parse(value);
        return [name, typeof Value === 'string' ? Value : returnValue(synthesized, Value.Ref, 'Ref')];
      }),
    ),
    ...(database !== undefined && { [`${names}DatabaseName`]: database }),
    ...(workGroup !== undefined && { [workGroupOutput]: workGroup }),
  };
  const { [`${names}BucketName`]: Bucket, [`${names}DatabaseName`]: DatabaseName } = outputs;
  const { athena, glue } = await aws.clients.lake();
  for (const each of [Bucket, 'archivebucket']) await aws.clients.s3.send(new CreateBucketCommand({ Bucket: each }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName } }));
  for (const { TableInput } of all('AWS::Glue::Table')) {
    await glue.send(new CreateTableCommand({ DatabaseName, TableInput: asInApi<TableInput>(TableInput) }));
  }
  for (const properties of all('AWS::Glue::Crawler')) {
    const input = {
      ...asInApi<CreateCrawlerCommandInput>(properties),
      Name: outputs[`${names}CrawlerName`],
      DatabaseName,
    };
    await glue.send(
      new CreateCrawlerCommand({ ...input, Targets: { S3Targets: [{ Path: `s3://${Bucket}/${folder}/` }] } }),
    );
  }
  for (const { WorkGroupConfiguration } of all('AWS::Athena::WorkGroup')) {
    const Configuration = asInApi<WorkGroupConfiguration>(WorkGroupConfiguration);
    await athena.send(new CreateWorkGroupCommand({ Name: workGroup, Configuration }));
  }
  const queries = new Map<string, string>();
  for (const properties of all('AWS::Athena::NamedQuery')) {
    const query = namedQuery.parse(properties);
    queries.set(query.Name, query.QueryString);
    await athena.send(new CreateNamedQueryCommand({ ...query, Database: DatabaseName, WorkGroup: workGroup }));
  }
  const publish: LocalLake['publish'] = (name, values) =>
    aws.publish({
      name,
      outputs: Object.entries(values).map(([key, value]) => ({ key, value })),
    });
  publish(stack, outputs);
  const put = async (key: string, Body: string | Uint8Array): Promise<void> => {
    await aws.clients.s3.send(new PutObjectCommand({ Bucket, Key: `${folder}/${key}`, Body }));
  };
  return {
    clients: aws.clients,
    endpoint: aws.endpoint,
    outputs,
    queries,
    publish,
    putRows: (datehour, rows, name = 'rows') => put(`${datehour}/${name}.jsonl.gz`, gzipSync(linesOf(rows))),
    putLines: (datehour, rows) => put(`${datehour}/lines.jsonl`, linesOf(rows)),
    stop: () => aws.stop(),
  };
}

function linesOf(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Templates and APIs of Glue and Athena name properties alike. */
function asInApi<T>(properties: unknown): T {
  return z.custom<T>((value) => typeof value === 'object' && value !== null).parse(properties);
}
