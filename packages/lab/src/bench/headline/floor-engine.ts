import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { findDynoxide } from '@tweet-pipes/local-aws/engines/dynoxide-binary';
import { openDynoxideFile } from '@tweet-pipes/local-aws/engines/dynoxide-file';
import { freePort } from '@tweet-pipes/local-aws/engines/free-port';
import { GroupCommit } from '@tweet-pipes/local-aws/engines/group-commit';
import { createForward } from '@tweet-pipes/local-aws/engines/http-forward';
import { startWatchedChild } from '@tweet-pipes/local-aws/engines/watched-child';
import type { BenchStack } from '../stack.ts';

/** The DynamoDB engine alone, with tables like the stack's, called over plain HTTP. */
export interface FloorEngine {
  /** Rejects if the engine answers with an error. */
  call(operation: string, input: object): Promise<Buffer>;
  stop(): Promise<void>;
}

/** The engine requires a signature and a date, but does not check them. */
const headers = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-date': '20260101T000000Z',
  'content-type': 'application/x-amz-json-1.0',
};

/**
 * Starts the engine as the runtime does, on its own file with the same indexes, and creates the stack's tables: same
 * names, keys, streams and times to live. It is called like the runtime calls its engine: keep-alive, without the SDK.
 * Each write is a call, unless they are committed `together`, as the runtime does (docs/adr/0061).
 */
export async function startFloorEngine(
  folder: string,
  stack: BenchStack,
  { together = false }: { together?: boolean } = {},
): Promise<FloorEngine> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'dynamodb.sqlite');
  const port = await freePort();
  const child = startWatchedChild(findDynoxide(), [
    ...['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', path],
  ]);
  await child.printed(`Dynoxide listening on http://127.0.0.1:${port}`);
  const forward = createForward(new URL(`http://127.0.0.1:${port}/`));
  const post = (operation: string, body: Buffer) =>
    forward.post({ ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` }, body);
  const group = new GroupCommit(post);
  const call = async (operation: string, input: object): Promise<Buffer> => {
    const request = Buffer.from(JSON.stringify(input));
    const alone = () => post(operation, request);
    const { statusCode, body } = await (together ? group.carryOut(operation, request, alone) : alone());
    if (statusCode !== 200) throw new Error(`The engine answered ${operation} with ${statusCode}: ${body.toString()}`);
    return body;
  };
  const stop = async () => {
    forward.close();
    await child.stop();
  };
  try {
    await createTables(stack, call);
    const file = openDynoxideFile(path);
    file.indexStreams();
    file.expired(Date.now() / 1000); // Creates the index by time to live, as in the runtime's engine.
    file.close();
    return { call, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createTables({ clients, outputs }: BenchStack, call: FloorEngine['call']): Promise<void> {
  for (const TableName of [
    outputs.HashtagTableName,
    outputs.TweetTableName,
    outputs.DeletionTableName,
    outputs.ShardTableName,
  ]) {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName }));
    const { StreamSpecification, AttributeDefinitions, KeySchema } = Table ?? {};
    await call('CreateTable', {
      ...{ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' },
      ...(StreamSpecification === undefined ? {} : { StreamSpecification }),
    });
    const { TimeToLiveDescription } = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    const AttributeName = TimeToLiveDescription?.AttributeName;
    if (AttributeName === undefined) continue;
    await call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName, Enabled: true } });
  }
}
