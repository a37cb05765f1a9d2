import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import { HistoryLog } from '@tweet-pipes/local-aws/states/history/history-log';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { delivered, ingestDefinition, notice } from './ingest-fixture.ts';

/** In the text, a hashtag, the name of the author, and a record that is no tweet. */
const content = /schnabeltier/i;
const batch: Json = delivered([
  {
    id_str: '1',
    text: 'Ein #Schnabeltier',
    user: { id_str: '7', screen_name: 'schnabeltier' },
    entities: { hashtags: [{ text: 'Schnabeltier' }] },
  },
  { malformed: 'schnabeltier' },
  notice('2'),
]);

/** Stores that are empty and take everything. */
const taking: TaskRunner = async ({ integration: { action }, arguments: { Statements } }) => {
  if (action === 'batchGetItem') return { Responses: {}, UnprocessedKeys: {} };
  if (action === 'listShards') return { Shards: [] };
  return Array.isArray(Statements) ? { Responses: Statements.map(() => ({ TableName: 'tweets' })) } : {};
};
const refusing: TaskRunner = async () => {
  throw new StateError('DynamoDb.AccessDeniedException', 'not authorized to perform the action');
};

/** The log of one execution over the batch, as CloudWatch would hold it. */
async function logOf(runTask: TaskRunner, includeExecutionData: boolean) {
  const clock = new ManualClock();
  const log = new HistoryLog({ executionArn: 'arn', clock, includeExecutionData });
  const definition = parseDefinition(JSON.stringify(ingestDefinition()));
  const running = runExecution({ definition, input: batch, runTask, clock, random: seededRandom(1), log });
  let isRunning = true;
  void running.finally(() => {
    isRunning = false;
  });
  // Its own time limit ends it at the latest.
  while (isRunning) await clock.advance(1_000);
  const { status } = await running;
  return { status, events: log.events(), text: JSON.stringify(log.events()) };
}

describe('the log of the ingest workflow', () => {
  it('holds the path and the times of an execution, and no tweet', async () => {
    const { status, events, text } = await logOf(taking, false);
    const states = new Set(events.flatMap(({ details: { name } }) => (typeof name === 'string' ? [name] : [])));

    expect(status).toBe('SUCCEEDED');
    expect(states.size).toBeGreaterThan(15);
    expect(text).not.toMatch(content);
  });

  it('holds the error of an execution that fails, and no tweet', async () => {
    const { status, text } = await logOf(refusing, false);

    expect(status).toBe('FAILED');
    expect(text).toContain('not authorized to perform the action');
    expect(text).not.toMatch(content);
  });

  it('holds tweets if it is asked for data', async () => {
    expect((await logOf(taking, true)).text).toMatch(content);
  });
});
