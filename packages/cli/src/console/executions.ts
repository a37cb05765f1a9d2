import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type {
  EventDetails,
  ExecutionDetails,
  ExecutionEvent,
  ExecutionList,
  MatchingExecutions,
  StartedExecution,
  StateRun,
  WorkflowLogging,
  WorkflowName,
} from '@tweet-pipes/console/api';
import { parseJson } from '@tweet-pipes/kit/json';
import * as z from 'zod';
import { EXECUTION_EVENTS, ExecutionCollection } from '../executions/execution-list.ts';
import { buildExecutionTree } from '../executions/execution-tree.ts';
import { type LoggedEvent, textOf } from '../executions/log-event.ts';
import { LogScan } from '../executions/log-scan.ts';
import { type History, readHistory } from '../executions/read-history.ts';
import { logReader, type ReadLog } from '../executions/read-log.ts';
import { readWorkflow, stateMachineOf, stateNames, type Workflow } from '../executions/workflow.ts';
import { ApiError, badRequest, notFound } from './api-error.ts';
import { type ApiHandler, parseBody, parseQuery } from './api-handler.ts';
import type { ConsoleContext } from './console-context.ts';
import { perContext } from './per-context.ts';
import { findWorkflows } from './workflows.ts';

/** Executions of a list. More are found by a shorter time. */
const CAPACITY = 10_000;
/** Milliseconds that one call may read the log. The next one goes on. */
const BUDGET_MS = 500;
/** Searches and histories that are kept, the latest. */
const KEPT = 6;
const KEPT_HISTORIES = 2;

/** What the handlers keep between calls of a page. */
interface Kept {
  readonly read: ReadLog;
  readonly lists: Map<string, { collection: ExecutionCollection; scan: LogScan }>;
  readonly searches: Map<string, { arns: Set<string>; scan: LogScan }>;
  readonly histories: Map<string, History>;
  readonly workflows: Map<string, { readMs: number; workflow: Promise<Workflow> }>;
}

const keptOf = perContext(
  ({ clients }): Kept => ({
    read: logReader(clients),
    lists: new Map(),
    searches: new Map(),
    histories: new Map(),
    workflows: new Map(),
  }),
);

const range = { workflow: z.string(), minutes: z.coerce.number().int().min(1).max(43_200).default(60) };

/** The latest executions of a workflow: `GET executions`. */
export const getExecutions: ApiHandler = async (context, request): Promise<ExecutionList> => {
  const schema = z.object({
    ...range,
    since: z
      .string()
      .regex(/^[\w-]+\.\d+$/)
      .optional(),
  });
  const { workflow: arn, minutes, since } = parseQuery(schema, request);
  const workflow = await workflowOf(context, arn);
  const { clock } = context;
  const fromMs = clock.now() - minutes * 60_000;
  const states = stateNames(parseJson(workflow.definition));
  const logging = loggingOf(workflow);
  if (workflow.logGroupName === undefined) {
    const searched = { fromMs, isComplete: true };
    return { logging, version: 'none.0', isWhole: true, executions: [], searched, isCapped: false, states };
  }
  const { collection, scan } = listOf(context, workflow, workflow.logGroupName);
  const wanted = Math.max(fromMs, collection.droppedBeforeMs);
  const searched = await scan.extend(wanted, BUDGET_MS);
  if (collection.isCapped) scan.forgetBefore(collection.droppedBeforeMs);
  const name = instanceOf(collection);
  const [instance, seen = '0'] = since?.split('.') ?? [];
  const isWhole = instance !== name;
  const changed = collection.changedSince(isWhole ? 0 : Number(seen), clock.now());
  const executions = changed.filter(({ startMs, endMs }) => (startMs ?? endMs ?? 0) >= fromMs);
  const { isCapped, version } = collection;
  return { logging, version: `${name}.${version}`, isWhole, executions, searched, isCapped, states };
};

/** The executions that entered a state, or whose input holds a tweet's id: `GET executions/matching`. */
export const getMatchingExecutions: ApiHandler = async (context, request): Promise<MatchingExecutions> => {
  const schema = z.object({
    ...range,
    state: z.string().max(80).optional(),
    tweet: z.string().optional(),
  });
  const { workflow: arn, minutes, state, tweet } = parseQuery(schema, request);
  if (tweet !== undefined && !/^[\w-]{1,64}$/.test(tweet)) {
    throw badRequest('A tweet id to search for has 1 to 64 characters: letters, digits, _ and -.');
  }
  const workflow = await workflowOf(context, arn);
  if (workflow.logGroupName === undefined) throw notLogged(workflow);
  if (tweet !== undefined && !workflow.hasData) throw dataNotLogged();
  const patterns = [
    ...(state === undefined ? [] : [`{ $.type = "*StateEntered" && $.details.name = ${JSON.stringify(state)} }`]),
    ...(tweet === undefined ? [] : [`{ $.type = "ExecutionStarted" && $.details.input = "*${tweet}*" }`]),
  ];
  if (patterns.length === 0) throw badRequest('Name a state or a tweet to search for.');
  const fromMs = context.clock.now() - minutes * 60_000;
  const logGroupName = workflow.logGroupName;
  const searches = patterns.map((pattern) => searchOf(context, logGroupName, pattern));
  const searched = await Promise.all(searches.map(({ scan }) => scan.extend(fromMs, BUDGET_MS)));
  const [first, ...others] = searches.map(({ arns }) => arns);
  return {
    arns: [...(first ?? [])].filter((one) => others.every((arns) => arns.has(one))),
    searched: {
      fromMs: Math.max(...searched.map((one) => one.fromMs)),
      isComplete: searched.every(({ isComplete }) => isComplete),
    },
  };
};

const execution = { arn: z.string(), at: z.coerce.number().int().min(0).optional() };

/** One execution, without payloads: `GET execution`. */
export const getExecution: ApiHandler = async (context, request): Promise<ExecutionDetails> => {
  const { arn, at } = parseQuery(z.object(execution), request);
  const { workflow, history } = await historyOf(context, arn, at);
  const { events, isWhole } = history;
  const tree = buildExecutionTree(events, context.clock.now());
  const stateOf = statesByEvent(tree.states);
  const dataId = (type: string, member: string) =>
    events.find((event) => event.type === type && textOf(event.details, member) !== undefined)?.id;
  const [inputId, outputId] = [dataId('ExecutionStarted', 'input'), dataId('ExecutionSucceeded', 'output')];
  return {
    arn,
    workflow: await nameOf(context, workflow),
    definition: workflow.definition,
    logging: loggingOf(workflow),
    tree,
    events: events.map((event) => describeEvent(event, stateOf.get(event.id))),
    isWhole,
    ...(inputId === undefined ? {} : { inputId }),
    ...(outputId === undefined ? {} : { outputId }),
  };
};

/** The details of one event: `GET execution/event`. */
export const getExecutionEvent: ApiHandler = async (context, request): Promise<EventDetails> => {
  const { arn, at, id } = parseQuery(z.object({ ...execution, id: z.coerce.number().int() }), request);
  const { history } = await historyOf(context, arn, at);
  const event = history.events.find((one) => one.id === id);
  if (event === undefined) throw notFound(`The log has no event ${id} of this execution.`);
  return { details: event.details, line: event.line };
};

/** Starts an execution with the input of another one: `POST execution/start`. */
export const startExecutionAgain: ApiHandler = async (context, request): Promise<StartedExecution> => {
  const { arn, at } = parseBody(z.object(execution), request);
  if (context.place === 'aws') {
    throw new ApiError(
      403,
      'ReadOnly',
      'The console changes nothing on AWS. Use the AWS console, or aws stepfunctions start-execution.',
    );
  }
  const { workflow, history } = await historyOf(context, arn, at);
  const start = history.events.find(({ type }) => type === 'ExecutionStarted');
  const input = start && textOf(start.details, 'input');
  if (input === undefined) throw workflow.hasData ? notFound('The log no longer has the input.') : dataNotLogged();
  if (parseJson(input) === undefined)
    throw new ApiError(409, 'InputTruncated', 'The log has only the first 248 KB of the input.');
  const { executionArn = '', startDate } = await context.clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn: workflow.arn, input }),
  );
  return { arn: executionArn, startMs: startDate?.getTime() ?? context.clock.now() };
};

/** A deployment on AWS may change a workflow while the page is open. */
const WORKFLOW_AGE_MS = 60_000;

async function workflowOf(context: ConsoleContext, arn: string): Promise<Workflow> {
  const { workflows } = keptOf(context);
  const known = await findWorkflows(context);
  if (!known.some((workflow) => workflow.arn === arn)) throw notFound(`No stack has the workflow ${arn}.`);
  const nowMs = context.clock.now();
  const before = workflows.get(arn);
  if (before !== undefined && nowMs - before.readMs < WORKFLOW_AGE_MS) return before.workflow;
  const workflow = readWorkflow(context.clients, arn);
  workflows.set(arn, { readMs: nowMs, workflow });
  workflow.catch(() => workflows.delete(arn));
  return workflow;
}

async function historyOf(
  context: ConsoleContext,
  arn: string,
  atMs: number | undefined,
): Promise<{ workflow: Workflow; history: History }> {
  const stateMachineArn = stateMachineOf(arn);
  if (stateMachineArn === undefined) throw badRequest(`${arn} is not the ARN of an execution of an Express workflow.`);
  const workflow = await workflowOf(context, stateMachineArn);
  if (workflow.logGroupName === undefined) throw notLogged(workflow);
  const { read, histories } = keptOf(context);
  const before = histories.get(arn);
  if (before !== undefined) return { workflow, history: before };
  const request = { logGroupName: workflow.logGroupName, executionArn: arn, nowMs: context.clock.now() };
  const history = await readHistory(read, { ...request, ...(atMs === undefined ? {} : { atMs }) });
  if (history.events.length === 0) {
    throw notFound(
      `The log group ${workflow.logGroupName} has no event of this execution. It was trimmed, its retention is over, ` +
        `or the level ${workflow.level} left it out. Older executions are trimmed first.`,
    );
  }
  const tree = buildExecutionTree(history.events, context.clock.now());
  if (tree.status !== 'running') keepLatest(histories, arn, history, KEPT_HISTORIES);
  return { workflow, history };
}

function listOf(context: ConsoleContext, { arn }: Workflow, logGroupName: string) {
  const { lists, read } = keptOf(context);
  const before = lists.get(arn);
  if (before !== undefined) return before;
  const collection = new ExecutionCollection(CAPACITY);
  const scan = new LogScan({
    read,
    clock: context.clock,
    logGroupName,
    pattern: EXECUTION_EVENTS,
    onEvents: (events) => collection.add(events),
  });
  return keepLatest(lists, arn, { collection, scan }, KEPT);
}

function searchOf(context: ConsoleContext, logGroupName: string, pattern: string) {
  const { searches, read } = keptOf(context);
  const key = `${logGroupName} ${pattern}`;
  const before = searches.get(key);
  if (before !== undefined) return before;
  const arns = new Set<string>();
  const onEvents = (events: readonly LoggedEvent[]) => {
    for (const { executionArn } of events) arns.add(executionArn);
  };
  const scan = new LogScan({ read, clock: context.clock, logGroupName, pattern, onEvents });
  return keepLatest(searches, key, { arns, scan }, KEPT);
}

function keepLatest<T>(map: Map<string, T>, key: string, value: T, count: number): T {
  map.set(key, value);
  for (const oldest of map.keys()) if (map.size > count) map.delete(oldest);
  return value;
}

const instances = new WeakMap<ExecutionCollection, string>();

/** Names a collection, so that a page knows that another one took its place. */
function instanceOf(collection: ExecutionCollection): string {
  const name = instances.get(collection) ?? crypto.randomUUID();
  instances.set(collection, name);
  return name;
}

function loggingOf({ level, hasData, logGroupName }: Workflow): WorkflowLogging {
  return { level, hasData, ...(logGroupName === undefined ? {} : { logGroupName }) };
}

async function nameOf(context: ConsoleContext, { arn, name }: Workflow): Promise<WorkflowName> {
  const known = (await findWorkflows(context)).find((workflow) => workflow.arn === arn);
  return known ?? { arn, name, title: name, stack: '' };
}

function describeEvent(
  { id, type, atMs, previousId, details }: LoggedEvent,
  state: string | undefined,
): ExecutionEvent {
  const error = textOf(details, 'error');
  const hasData = ['input', 'output', 'parameters', 'assignedVariables'].some((name) => details[name] !== undefined);
  return {
    id,
    type,
    atMs,
    previousId,
    ...(state === undefined ? {} : { state }),
    ...(error === undefined ? {} : { error }),
    hasData,
  };
}

function statesByEvent(states: readonly StateRun[], names = new Map<number, string>()): Map<number, string> {
  for (const { name, events, iterations } of states) {
    for (const id of events) names.set(id, name);
    for (const iteration of iterations) {
      for (const id of iteration.events) names.set(id, name);
      statesByEvent(iteration.states, names);
    }
  }
  return names;
}

function notLogged({ name }: Workflow): ApiError {
  return new ApiError(
    409,
    'NotLogged',
    `The workflow ${name} logs nothing. Set the option tweetPipes:logLevel to ALL.`,
  );
}

function dataNotLogged(): ApiError {
  return new ApiError(
    409,
    'DataNotLogged',
    'Inputs are not logged. To log them: npm start -- -c tweetPipes:executionData=true; on AWS deploy with that option.',
  );
}
