import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { findLakeOutputs, type LakeOutputs, readLakeOutputs } from './lake-outputs.ts';
import { findSalesOutputs, readSalesOutputs, type SalesOutputs } from './sales-outputs.ts';
import type { StackNames } from './stack-names.ts';

/** A lake that Athena can be asked about. */
export interface AthenaLake {
  workGroup: string;
  database: string;
  crawler: string;
}

/** The names of the stacks of both lakes, and which of them the caller named: those must be there. */
export type LakeStacks = Pick<StackNames, 'lakeStack' | 'salesStack' | 'namedLakes'>;

/** The lake of that name. Throws CliError when it is not there. */
export async function readAthenaLake(
  clients: AwsClients,
  lake: 'tweets' | 'sales',
  { lakeStack, salesStack }: Pick<LakeStacks, 'lakeStack' | 'salesStack'>,
): Promise<AthenaLake> {
  return lake === 'tweets'
    ? ofTweets(await readLakeOutputs(clients, lakeStack))
    : ofSales(await readSalesOutputs(clients, salesStack));
}

/** The lakes that are there, that of tweets first. Throws CliError when there is none, or not one that was named. */
export async function readAthenaLakes(clients: AwsClients, stacks: LakeStacks): Promise<[AthenaLake, ...AthenaLake[]]> {
  const { tweets, sales } = await findLakes(clients, stacks);
  if (tweets !== undefined) return [ofTweets(tweets), ...(sales === undefined ? [] : [ofSales(sales)])];
  return sales === undefined ? [await readAthenaLake(clients, 'tweets', stacks)] : [ofSales(sales)];
}

/** The outputs of the lakes that are there. Throws CliError when one that was named is not. */
export async function findLakes(
  clients: AwsClients,
  { lakeStack, salesStack, namedLakes }: LakeStacks,
): Promise<{ tweets: LakeOutputs | undefined; sales: SalesOutputs | undefined }> {
  const [readTweets, readSales] = [
    namedLakes.includes('tweets') ? readLakeOutputs : findLakeOutputs,
    namedLakes.includes('sales') ? readSalesOutputs : findSalesOutputs,
  ];
  return { tweets: await readTweets(clients, lakeStack), sales: await readSales(clients, salesStack) };
}

function ofTweets({ WorkGroupName, LakeDatabaseName, LakeCrawlerName }: LakeOutputs): AthenaLake {
  return { workGroup: WorkGroupName, database: LakeDatabaseName, crawler: LakeCrawlerName };
}

function ofSales({ SalesWorkGroupName, SalesDatabaseName, SalesCrawlerName }: SalesOutputs): AthenaLake {
  return { workGroup: SalesWorkGroupName, database: SalesDatabaseName, crawler: SalesCrawlerName };
}
