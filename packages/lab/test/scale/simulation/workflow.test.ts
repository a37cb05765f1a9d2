import { describe, expect, it } from '@jest/globals';
import { ManualClock, systemClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { HistoryLog } from '@tweet-pipes/local-aws/states/history/history-log';
import { ingestDefinition } from '../../../../../test/statemachines/ingest-fixture.ts';
import type { LandedRecord } from '../../../src/bench/drain.ts';
import { runWorkflow } from '../../../src/bench/headline/workflow-calls.ts';
import { scenario } from '../../../src/scale/simulation/scenario.ts';
import { statesOfOneTweet, Workflow } from '../../../src/scale/simulation/workflow.ts';

const exactly = (ms: number): PaceTable['overheads']['state'] => ({ p50Ms: ms, p99Ms: ms, source: 'recalled' });
const callsMs = { BatchGetItem: 10_000, BatchExecuteStatement: 1_000, UpdateItem: 100 };
const [stateMs, taskMs, startMs] = [1, 20, 7];

const table = paceTable({
  calls: Object.fromEntries(Object.entries(callsMs).map(([name, ms]) => [`dynamodb.${name}`, exactly(ms)])),
  overheads: {
    startSyncExecution: exactly(startMs),
    state: exactly(stateMs),
    task: exactly(taskMs),
    lambdaInvoke: exactly(startMs),
  },
});

/** New tweets of one shard, each with a hashtag of its own. */
const batchOf = (tweets: number): LandedRecord[] =>
  Array.from({ length: tweets }, (_, index) => {
    const id = String(1_000_000 + index);
    const tweet = { id_str: id, text: 'a', entities: { hashtags: [{ text: `tag${index}` }] } };
    const record = { partitionKey: id, data: Buffer.from(JSON.stringify(tweet)) };
    return { record, shardId: 'shardId-000000000000', sequenceNumber: `496${id}` };
  });

const definition = parseDefinition(JSON.stringify(ingestDefinition()));

/** States that the real definition enters for one new tweet. */
async function statesOfDefinition(): Promise<unknown[]> {
  const log = new HistoryLog({ executionArn: 'arn:aws:states:::execution', clock: systemClock });
  await runWorkflow(definition, batchOf(1), { log });
  return log
    .events()
    .filter(({ type }) => type.endsWith('StateEntered'))
    .map(({ details }) => details.name);
}

/** Duration of the real definition, run in virtual time where only states, tasks and calls take any. */
async function durationOfDefinition(tweets: number): Promise<number> {
  const clock = new ManualClock();
  const running = runWorkflow(definition, batchOf(tweets), {
    clock,
    pace: async (kind, signal) => clock.sleep(kind === 'state' ? stateMs : taskMs, signal),
    onCall: async ({ operation }) => clock.sleep(callsMs[operation]),
  });
  // Less than the time limit of the workflow.
  await clock.advance(200_000);
  return running;
}

function durationOfModel(tweets: number): number {
  const workflow = new Workflow(scenario({ table, jsonataFactor: 0 }), seededRandom(1), () => tweets);
  const { countedMs, restMs } = workflow.plan(tweets, false);
  return countedMs + restMs - startMs;
}

describe('the model of the workflow', () => {
  it('passes the states that the definition enters, in their order', async () => {
    const states = await statesOfDefinition();
    expect(states).toHaveLength(17);
    expect(statesOfOneTweet({ isRedelivery: false })).toEqual(states);
  });

  it('counts again in states of the definition', () => {
    const text = JSON.stringify(ingestDefinition());
    const unknown = statesOfOneTweet({ isRedelivery: true }).filter((state) => !text.includes(`"${state}":{`));
    expect(unknown).toEqual([]);
  });

  it.each([1, 25, 26, 100, 101, 320, 500])('takes as long as the definition for %i new tweets', async (tweets) => {
    expect(durationOfModel(tweets)).toBe(await durationOfDefinition(tweets));
  });
});
