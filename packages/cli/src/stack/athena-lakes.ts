import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { findLakeOutputs, type LakeOutputs, readLakeOutputs } from './lake-outputs.ts';
import { findSalesOutputs, readSalesOutputs, type SalesOutputs } from './sales-outputs.ts';

/** A lake that Athena can be asked about. */
export interface AthenaLake {
  workGroup: string;
  database: string;
  crawler: string;
}

/** The names of the stacks of both lakes. */
export interface LakeStacks {
  lakeStack: string;
  salesStack: string;
}

/** The lake of that name. Throws CliError when it is not there. */
export async function readAthenaLake(
  clients: AwsClients,
  lake: 'tweets' | 'sales',
  { lakeStack, salesStack }: LakeStacks,
): Promise<AthenaLake> {
  return lake === 'tweets'
    ? ofTweets(await readLakeOutputs(clients, lakeStack))
    : ofSales(await readSalesOutputs(clients, salesStack));
}

/** The lakes that are there, that of tweets first. Throws CliError when there is none. */
export async function readAthenaLakes(clients: AwsClients, stacks: LakeStacks): Promise<[AthenaLake, ...AthenaLake[]]> {
  const tweets = await findLakeOutputs(clients, stacks.lakeStack);
  const sales = await findSalesOutputs(clients, stacks.salesStack);
  if (tweets !== undefined) return [ofTweets(tweets), ...(sales === undefined ? [] : [ofSales(sales)])];
  return sales === undefined ? [await readAthenaLake(clients, 'tweets', stacks)] : [ofSales(sales)];
}

function ofTweets({ WorkGroupName, LakeDatabaseName, LakeCrawlerName }: LakeOutputs): AthenaLake {
  return { workGroup: WorkGroupName, database: LakeDatabaseName, crawler: LakeCrawlerName };
}

function ofSales({ SalesWorkGroupName, SalesDatabaseName, SalesCrawlerName }: SalesOutputs): AthenaLake {
  return { workGroup: SalesWorkGroupName, database: SalesDatabaseName, crawler: SalesCrawlerName };
}
