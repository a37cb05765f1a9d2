import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { StackDeployment } from '../cloudformation/deploy-app.ts';
import type { ResourceChange } from '../cloudformation/stack.ts';
import type { Changes } from './folder-changes.ts';

/** How long nothing may change before a deployment: editors write a file in several steps, and a checkout many. */
const QUIET_MS = 60;

/** What {@link watchApp} works with. */
export interface WatchParts {
  changes: Omit<Changes, 'stop'>;
  /** As `Runtime.deploy`. */
  deploy(): Promise<readonly StackDeployment[]>;
  clock: Clock;
  print(line: string): void;
}

/**
 * Deploys the app after each of its changes, until the signal aborts. The first deployment is for what changed since
 * the runtime read the app; it also makes the next ones fast.
 */
export async function watchApp({ changes, deploy, clock, print }: WatchParts, signal: AbortSignal): Promise<void> {
  const follow = async (what: string, quietMs: number): Promise<void> => {
    const startMs = clock.now() - quietMs;
    try {
      const deployments = (await deploy()).filter(({ status }) => status !== undefined);
      for (const each of deployments) for (const line of describeDeployment(each)) print(line);
      if (quietMs === 0 || deployments.some(isFailed)) return;
      const result = deployments.length === 0 ? 'Nothing to deploy' : 'Running';
      print(`${result} ${((clock.now() - startMs) / 1000).toFixed(1)} s after ${what}.`);
    } catch (error) {
      if (!signal.aborted) print(`After ${what}: ${messageFor(error)}\nWhat ran before runs on.`);
    }
  };
  await follow('the start', 0);
  if (!signal.aborted) print('Watching the app: each saved change is deployed.');
  while (!signal.aborted) {
    const changed = new Set(await changes.next(signal));
    for (let more = [...changed]; more.length > 0; more = changes.take()) {
      for (const path of more) changed.add(path);
      await clock.sleep(QUIET_MS, signal);
    }
    if (!signal.aborted) await follow(named(changed), QUIET_MS);
  }
}

function named(changed: ReadonlySet<string>): string {
  const [first, ...others] = [...changed].sort();
  return others.length === 0 ? `a change of ${first}` : `a change of ${first} and ${others.length} more`;
}

/** Errors with names of their own have messages for people. */
function messageFor(error: unknown): string {
  return error instanceof Error && !/^(Error|\w*TypeError|\w*RangeError)$/.test(error.name)
    ? error.message
    : sentence(error);
}

function isFailed({ status }: StackDeployment): boolean {
  return status !== 'CREATE_COMPLETE' && status !== 'UPDATE_COMPLETE';
}

function describeDeployment(deployment: StackDeployment): string[] {
  const { name, status, changes, elapsedMs, failures } = deployment;
  if (!isFailed(deployment)) {
    return changes.map((change) => {
      const { logicalId, type } = change;
      const [sign, what] = effectOf(change);
      return `${sign} ${type} ${name}.${logicalId} ${what}, ${((elapsedMs[logicalId] ?? 0) / 1000).toFixed(1)} s`;
    });
  }
  const isIntact = status?.endsWith('ROLLBACK_COMPLETE');
  return [
    `Stack ${name} could not be deployed (${status}):`,
    ...failures.map((failure) => `  ${failure}`),
    isIntact ? 'What ran before runs on.' : 'It is neither as before nor as it should be. Start the runtime again.',
  ];
}

function effectOf({ action, replacement }: ResourceChange): readonly [sign: string, what: string] {
  switch (action) {
    case 'Add':
      return ['+', 'created'];
    case 'Remove':
      return ['-', 'deleted'];
    case 'Modify':
      return replacement === 'True' ? ['±', 'replaced'] : ['~', 'updated'];
  }
}
