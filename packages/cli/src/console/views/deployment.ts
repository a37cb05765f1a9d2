import { CORE_STACK } from '../../stack/core-stack.ts';
import { findLakeOutputs, type LakeOutputs } from '../../stack/lake-outputs.ts';
import { findStackOutputs, type StackOutputs } from '../../stack/outputs.ts';
import { STACK_MARKS } from '../../stack/own-stacks.ts';
import { findSalesOutputs, type SalesOutputs } from '../../stack/sales-outputs.ts';
import type { ConsoleContext } from '../console-context.ts';
import { perContext } from '../per-context.ts';
import { Kept } from './kept.ts';

/** The stacks that are there, by their outputs. */
export interface Deployment {
  readonly core: StackOutputs | undefined;
  readonly lake: LakeOutputs | undefined;
  readonly sales: SalesOutputs | undefined;
  /** Pipes of all stacks by the name of their output without `PipeName`: `Ingest`, `TweetArchive`, `Order`. */
  readonly pipes: ReadonlyMap<string, string>;
}

const kept = perContext(
  (context) => new Kept(context.clock, { keptMs: Number.POSITIVE_INFINITY }, () => readDeployment(context)),
);

/** The outputs of the stacks, read once. Throws the SDK's error, and CliError for a stack of another app. */
export function deploymentOf(context: ConsoleContext): Promise<Deployment> {
  return kept(context).get();
}

/** The names of the stacks; of one that is not there the usual name, which then names none. */
export function namesOf(stacks: ConsoleContext['stacks']): Record<keyof typeof STACK_MARKS, string> {
  const named = (output: string) => stacks.find(({ outputs }) => Object.hasOwn(outputs, output))?.name;
  return {
    stack: named(STACK_MARKS.stack) ?? CORE_STACK,
    lakeStack: named(STACK_MARKS.lakeStack) ?? 'TweetLake',
    salesStack: named(STACK_MARKS.salesStack) ?? 'SalesLake',
  };
}

async function readDeployment({ clients, stacks }: ConsoleContext): Promise<Deployment> {
  const { stack, lakeStack, salesStack } = namesOf(stacks);
  return {
    core: await findStackOutputs(clients, stack),
    lake: await findLakeOutputs(clients, lakeStack),
    sales: await findSalesOutputs(clients, salesStack),
    pipes: new Map(stacks.flatMap(({ outputs }) => pipesIn(outputs))),
  };
}

function pipesIn(outputs: Readonly<Record<string, string>>): [title: string, name: string][] {
  return Object.entries(outputs).flatMap(([key, name]): [string, string][] => {
    const [, title] = /^(.+)PipeName$/.exec(key) ?? [];
    return title === undefined ? [] : [[title, name]];
  });
}
