import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { HistoryLog } from '@tweet-pipes/local-aws/states/history/history-log';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { type LoggedEvent, parseLoggedEvent } from '../../src/executions/log-event.ts';

export interface WorkflowRun {
  /** By name, the first one starts. */
  states: JsonObject;
  runTask?: TaskRunner;
  input?: Json;
  level?: 'ALL' | 'ERROR';
  hasData?: boolean;
}

/** Each `sleep` takes its time at once. */
class QuickClock implements Clock {
  #nowMs = Date.parse('2026-11-29T12:00:00Z');
  now(): number {
    this.#nowMs += 1;
    return this.#nowMs;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    // A timeout of the execution waits for the end of the test's patience, which is never.
    if (ms > 60_000) await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    else this.#nowMs += ms;
  }
}

/** A Task whose call the test answers. */
export function task(members: JsonObject = {}): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:query',
    Arguments: { TableName: 't' },
    ...members,
  };
}

/** Runs a definition on the real interpreter and returns its events as its log has them. */
export async function runWorkflow(run: WorkflowRun): Promise<LoggedEvent[]> {
  const { states, input = {}, runTask = async () => ({}), level = 'ALL', hasData = true } = run;
  const clock = new QuickClock();
  const executionArn = 'arn:aws:states:us-east-1:000000000000:express:Test:run:1';
  const log = new HistoryLog({ executionArn, clock, level, includeExecutionData: hasData });
  const text = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
  const { events } = await runExecution({
    definition: parseDefinition(text),
    input,
    runTask,
    clock,
    random: seededRandom(1),
    log,
  });
  return events().flatMap((event) => parseLoggedEvent(JSON.stringify(event)) ?? []);
}
