import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Runtime } from '@tweet-pipes/local-aws';
import { noUnits, type Units, unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { mapStacks } from '../costs/usage.ts';
import { runningCore } from '../stack/core-stack.ts';
import { findLakeOutputs, type LakeOutputs } from '../stack/lake-outputs.ts';
import { readStackOutputs, type StackOutputs } from '../stack/outputs.ts';
import { findSalesOutputs, type SalesOutputs } from '../stack/sales-outputs.ts';

/** The stacks of a runtime through which the sample goes. */
export interface SampleStacks {
  core: string;
  outputs: StackOutputs;
  lake: { name: string; outputs: LakeOutputs } | undefined;
  sales: { name: string; outputs: SalesOutputs } | undefined;
}

/** Finds the core, and the lakes that run. Throws CliError without a core, else the SDK's error. */
export async function findSampleStacks(clients: AwsClients, { stacks }: Runtime): Promise<SampleStacks> {
  const core = runningCore(stacks);
  const withOutput = (name: string) => stacks.find(({ outputs }) => Object.hasOwn(outputs, name))?.name;
  const [lakeName, salesName] = [withOutput('LakeBucketName'), withOutput('OrderTableName')];
  const lake = lakeName === undefined ? undefined : await findLakeOutputs(clients, lakeName);
  const sales = salesName === undefined ? undefined : await findSalesOutputs(clients, salesName);
  return {
    ...{ core, outputs: await readStackOutputs(clients, core) },
    lake: lakeName !== undefined && lake ? { name: lakeName, outputs: lake } : undefined,
    sales: salesName !== undefined && sales ? { name: salesName, outputs: sales } : undefined,
  };
}

/** What was used, as AWS counts it. */
export interface UsedUnits {
  all: Units;
  /** Of the core and the lake, by stack: what other stacks used meanwhile is not the tweets'. */
  tweets: Record<string, Units>;
  sales: Units;
}

/** Begins to measure. The function that it returns tells what was used since then. */
export function measureUnits(runtime: Runtime, { core, lake, sales }: SampleStacks): () => UsedUnits {
  const read = () => {
    const byStack = runtime.unitsByStack();
    const ofTweets = Object.entries(byStack).filter(([stack]) => stack === core || stack === lake?.name);
    return {
      all: runtime.units(),
      tweets: Object.fromEntries(ofTweets),
      sales: byStack[sales?.name ?? ''] ?? noUnits,
    };
  };
  const before = read();
  return () => {
    const now = read();
    return {
      all: unitsSince(before.all, now.all),
      tweets: mapStacks(before.tweets, (its, stack) => unitsSince(its, now.tweets[stack] ?? its)),
      sales: unitsSince(before.sales, now.sales),
    };
  };
}
