import { readFile } from 'node:fs/promises';
import type { LinkedStack } from '../assembly/link-stacks.ts';
import type { LocalStackEngine } from './engine.ts';
import type { ResourceChange, StackEvent, StackInput, StackStatus } from './stack.ts';
import { isCancellation } from './stack-run.ts';

/** What became of one stack of an app that was deployed again. */
export interface StackDeployment {
  readonly name: string;
  /** Undefined for one that had nothing to change. `UPDATE_ROLLBACK_COMPLETE`: it is as it was before. */
  readonly status?: StackStatus;
  /** As they were planned. Empty where only outputs or policies changed. */
  readonly changes: readonly ResourceChange[];
  /** Milliseconds from the first to the last event of each resource, by logical id. */
  readonly elapsedMs: Readonly<Record<string, number>>;
  /** Why it was rolled back, one sentence for each resource that failed: `Table (AWS::…): …`. */
  readonly failures: readonly string[];
}

/** What the engine needs of the stacks of an app. Throws the system's errors. */
export async function inputsOf(stacks: readonly LinkedStack[]): Promise<StackInput[]> {
  return Promise.all(
    stacks.map(async ({ assembly: { stackName: name, templateFile, assets } }) => ({
      ...{ name, assets },
      templateText: await readFile(templateFile, 'utf8'),
    })),
  );
}

/**
 * Deploys the stacks of an app to a runtime that runs, one after the other, as far as they have changed. A failure
 * rolls its stack back, and ends the deployment: later stacks may need what is missing. Throws what `plan` does for a
 * template that cannot run, before that stack is changed.
 */
export async function deployApp(engine: LocalStackEngine, inputs: readonly StackInput[]): Promise<StackDeployment[]> {
  const deployments: StackDeployment[] = [];
  for (const input of inputs) {
    const { name } = input;
    const known = new Set(eventsOf(engine, name).map(({ eventId }) => eventId));
    const {
      plan: { changes },
      operation,
    } = await engine.deployOfApp(input);
    if (operation === undefined) {
      deployments.push({ name, changes, elapsedMs: {}, failures: [] });
      continue;
    }
    const { status } = await operation.done;
    const events = eventsOf(engine, name).filter(({ eventId }) => !known.has(eventId));
    const failures = events
      .filter((event) => event.status.endsWith('_FAILED') && event.logicalId !== name && !isCancellation(event))
      .map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`);
    deployments.push({ name, status, changes, elapsedMs: elapsedOf(events), failures });
    if (status !== 'CREATE_COMPLETE' && status !== 'UPDATE_COMPLETE') break;
  }
  return deployments;
}

function elapsedOf(events: readonly StackEvent[]): Record<string, number> {
  const spans: Record<string, { firstMs: number; lastMs: number }> = {};
  for (const { logicalId, atMs } of events) {
    const { firstMs, lastMs } = spans[logicalId] ?? { firstMs: atMs, lastMs: atMs };
    spans[logicalId] = { firstMs: Math.min(firstMs, atMs), lastMs: Math.max(lastMs, atMs) };
  }
  return Object.fromEntries(Object.entries(spans).map(([id, { firstMs, lastMs }]) => [id, lastMs - firstMs]));
}

function eventsOf(engine: LocalStackEngine, name: string) {
  const stack = engine.find(name);
  return stack === undefined ? [] : engine.events(stack.id);
}
