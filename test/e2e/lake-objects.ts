import { gunzipSync } from 'node:zlib';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** The outputs of a stack. */
export async function outputsOf({ cloudformation }: AwsClients, StackName: string): Promise<Record<string, string>> {
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/** The rows in the gzip files of JSON lines below a prefix. */
export async function rowsBelow(
  { s3 }: AwsClients,
  Bucket: string | undefined,
  Prefix: string,
): Promise<Record<string, unknown>[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const files = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray(),
    ),
  );
  return files.flatMap((file) =>
    gunzipSync(file ?? new Uint8Array())
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line)),
  );
}

/** The items of a table by id. */
export async function itemsOf(
  { dynamodb }: AwsClients,
  TableName: string | undefined,
): Promise<Record<string, Record<string, unknown>>> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Object.fromEntries(Items.map((item) => unmarshall(item)).map((item) => [String(item.id), item]));
}
