import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import * as z from 'zod';
import { findStack, parseOutputs, stacksThere } from './find-stack.ts';

const schema = z.object({
  OrderTableName: z.string(),
  /** Of the function that generates orders. There is none when the table is one of one's own. */
  OrderGeneratorName: z.string().optional(),
  OrderPipeName: z.string(),
  SalesStreamName: z.string(),
  SalesDeliveryStreamName: z.string(),
  SalesBucketName: z.string(),
  SalesDatabaseName: z.string(),
  SalesCrawlerName: z.string(),
  SalesWorkGroupName: z.string(),
});

/** The names of the sales lake's resources, locally or on AWS. Other outputs are ignored. */
export type SalesOutputs = z.output<typeof schema>;

/**
 * Reads the outputs of the sales lake's stack from CloudFormation. Throws CliError when there is no such stack or it
 * lacks an output, else the SDK's error.
 */
export async function readSalesOutputs(clients: AwsClients, stackName: string): Promise<SalesOutputs> {
  const outputs = await findSalesOutputs(clients, stackName);
  if (outputs !== undefined) return outputs;
  throw new CliError(
    `The sales lake is not deployed here: there is no stack ${stackName}.${await stacksThere(clients)} On AWS: npx cdk deploy SalesLake. On this machine: npx tweet-pipes local --stacks SalesLake. ` +
      'If it has another name, say so with --sales-stack <name>.',
  );
}

/** As {@link readSalesOutputs}, and undefined when there is no such stack. */
export async function findSalesOutputs(clients: AwsClients, stackName: string): Promise<SalesOutputs | undefined> {
  const stack = await findStack(clients, stackName);
  return stack && parseOutputs(stack, schema, 'a sales lake of tweet-pipes');
}

/** The table that generated orders may be written to; undefined when the lake keeps the changes of one's own. */
export function generatedOrderTable({ OrderTableName, OrderGeneratorName }: SalesOutputs): string | undefined {
  return OrderGeneratorName === undefined ? undefined : OrderTableName;
}
