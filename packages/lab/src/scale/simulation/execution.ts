import type { Random } from '@tweet-pipes/kit/random';
import { drawMs } from '@tweet-pipes/local-aws/pace/lognormal';
import type { EventQueue } from './event-queue.ts';
import type { HotCounter } from './hot-counter.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './tally.ts';
import { countRetryDelayMs, MOST_COUNT_RETRIES, type Workflow } from './workflow.ts';

/** What the executions of a shard use. */
export interface ExecutionParts {
  scenario: Scenario;
  queue: EventQueue;
  random: Random;
  workflow: Workflow;
  tally: Tally;
  /** The item of the hot counter that this shard updates. */
  hot: HotCounter;
}

/** How an execution ended. `refused`: Step Functions did not accept its input, so that nothing was done. */
export type Ending = 'succeeded' | 'failed' | 'refused';

/** Starts an execution of `tweets` tweets now; calls `ended` when it is over. */
export function runExecution(
  parts: ExecutionParts,
  batch: { shard: number; tweets: number; isRedelivery: boolean },
  ended: (ending: Ending) => void,
): void {
  const { scenario, queue, random, workflow, tally, hot } = parts;
  const startMs = queue.nowMs;
  const plan = workflow.plan(batch.tweets, batch.isRedelivery);
  const isHot = plan.fits && random.next() < 1 - (1 - scenario.hotShare) ** batch.tweets;
  tally.executions += 1;
  tally.coldUpdates += plan.updates;
  const end = (atMs: number, ending: Ending) =>
    queue.at(atMs, () => {
      tally.busyMs += queue.nowMs - startMs;
      if (ending === 'refused') tally.refusedExecutions += 1;
      else tally.executionMs.add(queue.nowMs - startMs);
      if (ending !== 'succeeded') tally.failedExecutions += 1;
      ended(ending);
    });
  const countedMs = startMs + plan.countedMs;
  if (!plan.fits) {
    end(countedMs, 'refused');
    return;
  }
  if (!isHot) {
    end(countedMs + plan.restMs, 'succeeded');
    return;
  }
  const attempt = (retries: number): void => {
    const callMs = workflow.hotCallMs();
    queue.at(queue.nowMs + callMs / 2, () => {
      const answeredMs = queue.nowMs + callMs / 2;
      if (hot.update(batch.shard, queue.nowMs)) end(Math.max(countedMs, answeredMs) + plan.restMs, 'succeeded');
      else if (retries === MOST_COUNT_RETRIES) end(answeredMs, 'failed');
      else {
        const delayMs = countRetryDelayMs(retries + 1, random) + drawMs(scenario.table.overheads.task, random);
        queue.at(answeredMs + delayMs, () => attempt(retries + 1));
      }
    });
  };
  queue.at(startMs + plan.hotUpdateMs, () => attempt(0));
}
