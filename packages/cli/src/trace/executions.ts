import { isJsonObject, type Json, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { eventIdOf, positionOfEvent, sequenceOf } from '@tweet-pipes/kit/position';
import { executionEnd } from '../executions/execution-list.ts';
import { type LoggedEvent, textOf } from '../executions/log-event.ts';
import { readHistory } from '../executions/read-history.ts';
import { logReader } from '../executions/read-log.ts';
import { readWorkflow, type Workflow } from '../executions/workflow.ts';
import type { Search, TraceContext } from './context.ts';
import type { Decision, FoundExecution } from './findings.ts';
import { namesItself } from './stream-records.ts';

/** A record whose executions are looked for. */
interface Carrier {
  position: string;
  /** Undefined where nothing tells it. */
  arrivedMs?: number;
}

const dayMs = 86_400_000;
/** Clocks differ. */
const marginMs = 10_000;

/** The executions that saw the records, by the workflow's log group. Throws the SDK's errors. */
export async function findExecutions(
  context: TraceContext,
  id: string,
  carriers: readonly Carrier[],
  search: Search,
): Promise<FoundExecution[]> {
  const workflow = await readWorkflow(context.clients, context.stack.WorkflowArn);
  const gap = gapOf(workflow);
  if (gap !== undefined) search.notKnown.push({ what: 'executions that saw it, and their decisions', ...gap });
  const { logGroupName } = workflow;
  if (logGroupName === undefined || !workflow.hasData) return [];
  const read = logReader(context.clients);
  const nowMs = context.clock.now();
  const oldestMs = context.sinceMs ?? nowMs - dayMs;
  // Of a tweet that no store knows, its id may stand in the input.
  const wanted =
    carriers.length === 0
      ? [{ text: id, fromMs: oldestMs }]
      : carriers.map(({ position, arrivedMs }) => ({ text: sequenceOf(position), fromMs: arrivedMs ?? oldestMs }));
  const found = new Map<string, FoundExecution>();
  for (const { text, fromMs } of wanted) {
    const pattern = `{ $.type = "ExecutionStarted" && $.details.input = "*${text.replaceAll(/[^\w-]/g, '*')}*" }`;
    const range = { logGroupName, pattern, fromMs: fromMs - marginMs, toMs: nowMs + marginMs };
    for await (const { events } of read(range)) {
      for (const event of events) {
        for (const position of positionsIn(event, id, carriers)) {
          const { executionArn: arn, atMs: startedMs } = event;
          const { events: history } = await readHistory(read, {
            logGroupName,
            executionArn: arn,
            atMs: startedMs,
            nowMs,
          });
          found.set(`${arn} ${position}`, executionOf(history, { arn, startedMs, position }));
        }
      }
    }
  }
  return [...found.values()];
}

/** The tweet's records in the input of an execution: those that are known, or those that give themselves its id. */
function positionsIn(started: LoggedEvent, id: string, carriers: readonly Carrier[]): string[] {
  const input = parseJson(textOf(started.details, 'input') ?? '');
  const known = new Set(carriers.map(({ position }) => position));
  return (Array.isArray(input) ? input : []).flatMap((record) => {
    if (!isJsonObject(record)) return [];
    const position = positionOfEvent(String(record.eventID));
    if (position === undefined) return [];
    const isIts = known.size === 0 ? namesItself(record.tweet ?? null, id) : known.has(position);
    return isIts ? [position] : [];
  });
}

/** What the log leaves out, and the remedy. */
function gapOf({ level, hasData }: Pick<Workflow, 'level' | 'hasData'>): { why: string; do: string } | undefined {
  const start = (option: string) =>
    `What runs from then on is logged: npm start -- -c tweetPipes:${option}, on AWS npx cdk deploy TweetPipes -c tweetPipes:${option}`;
  if (level === 'OFF') return { why: 'the workflow logs nothing', do: start('logLevel=ALL') };
  if (!hasData) return { why: 'the logs hold no execution data', do: start('executionData=true') };
  if (level === 'ALL') return undefined;
  return { why: `the workflow logs only what fails (level ${level})`, do: start('logLevel=ALL') };
}

/** An execution, and what it did with a record, by its events. */
export function executionOf(
  events: readonly LoggedEvent[],
  { arn, startedMs, position }: { arn: string; startedMs: number; position: string },
): FoundExecution {
  const last = events.findLast(({ type }) => executionEnd(type) !== undefined);
  const input = parseJson(textOf(events[0]?.details ?? {}, 'input') ?? '');
  const batch = Array.isArray(input) ? input : [];
  const error = last === undefined ? undefined : textOf(last.details, 'error');
  return {
    arn,
    startedMs,
    position,
    records: batch.length,
    ...(last === undefined ? {} : { endedMs: last.atMs, end: endNames[executionEnd(last.type) ?? 'succeeded'] }),
    ...(error === undefined ? {} : { error }),
    ...decide(events, indexOf(batch, position)),
  };
}

const endNames = { succeeded: 'SUCCEEDED', failed: 'FAILED', timedOut: 'TIMED_OUT', aborted: 'ABORTED' } as const;

function indexOf(batch: readonly Json[], position: string): number {
  const eventId = eventIdOf(position);
  return batch.findIndex((record) => isJsonObject(record) && record.eventID === eventId);
}

/** By the word of the workflow's variable `outcomes`. */
const decisions: Readonly<Record<string, Decision>> = {
  rejected: 'quarantined',
  refused: 'quarantined',
  deleted: 'dropped after its deletion',
  redelivered: 'redelivered',
  duplicate: 'duplicate',
  resurrected: 'removed again',
  overtaken: 'out of order',
  late: 'out of order',
};

/**
 * What the variables `outcomes` and `batch` of the workflow say of a record, at their last assignment. A tweet without
 * an outcome was stored.
 */
function decide(events: readonly LoggedEvent[], index: number): { decision?: Decision; reason?: string } {
  const [batch, outcomes] = [lastAssigned(events, 'batch'), lastAssigned(events, 'outcomes')];
  if (index < 0 || !isJsonObject(batch) || !Array.isArray(outcomes)) return {};
  const outcome = outcomes.filter(isJsonObject).findLast((each) => each.index === index);
  if (outcome !== undefined) {
    const { outcome: word, reason } = outcome;
    const decision = decisions[String(word)];
    return {
      ...(decision === undefined ? {} : { decision }),
      ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
    };
  }
  const isAccepted = isJsonObject(batch.tweets) && Object.hasOwn(batch.tweets, String(index));
  if (isAccepted) return { decision: 'stored' };
  const isNotice = listOf(batch.deletions).some((each) => each.index === index);
  return { decision: isNotice ? 'delete notice carried out' : 'dropped for an earlier record of its batch' };
}

function listOf(value: Json | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}

function lastAssigned(events: readonly LoggedEvent[], name: string): Json | undefined {
  for (const { details } of [...events].reverse()) {
    const variables = details.assignedVariables;
    const text = isJsonObject(variables) ? textOf(variables, name) : undefined;
    if (text !== undefined) return parseJson(text);
  }
  return undefined;
}
