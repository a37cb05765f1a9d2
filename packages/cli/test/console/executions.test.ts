import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionDetails, ExecutionList, MatchingExecutions } from '@tweet-pipes/console/api';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { ApiHandler } from '../../src/console/api-handler.ts';
import type { ConsoleContext } from '../../src/console/console-context.ts';
import {
  getExecution,
  getExecutionEvent,
  getExecutions,
  getMatchingExecutions,
  startExecutionAgain,
} from '../../src/console/executions.ts';
import type { LoggedEvent } from '../../src/executions/log-event.ts';
import { runWorkflow } from '../executions/run-workflow.ts';
import { contextOf } from './context.ts';

const workflow = 'arn:aws:states:us-east-1:000000000000:stateMachine:Test';
const states = { Only: { Type: 'Pass', Assign: { x: 1 }, Next: 'End' }, End: { Type: 'Succeed' } };
let events: LoggedEvent[];
/** What the log group has of them. */
let logged: readonly LoggedEvent[];
let asked: JsonObject[];
/** How long the log group takes to answer, and all of its answers took. */
let answerMs: number;
let passedMs: number;
let logging: JsonObject | undefined;
let context: ConsoleContext;

beforeAll(async () => {
  events = await runWorkflow({ states, input: [{ id: '7' }, { id: '8' }] });
});

beforeEach(async () => {
  asked = [];
  [answerMs, passedMs] = [0, 0];
  logged = events;
  const logGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/test:*';
  logging = { level: 'ALL', includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] };
  const made = await contextOf(
    {
      ListStackResourcesCommand: () => ({
        StackResourceSummaries: [
          {
            ResourceType: 'AWS::StepFunctions::StateMachine',
            LogicalResourceId: 'TestWorkflowStateMachine0000AAAA',
            PhysicalResourceId: workflow,
          },
        ],
      }),
      DescribeStateMachineCommand: () => ({
        name: 'Test',
        definition: JSON.stringify({ StartAt: 'Only', States: states }),
        ...(logging && { loggingConfiguration: logging }),
      }),
      FilterLogEventsCommand: (input) => {
        passedMs += answerMs;
        asked.push({ pattern: String(input.filterPattern), group: String(input.logGroupName) });
        const { startTime, endTime } = input;
        const isIn = ({ atMs }: LoggedEvent) => atMs >= Number(startTime) && atMs <= Number(endTime);
        return { events: logged.filter(isIn).map(({ line }) => ({ message: line })) };
      },
      StartExecutionCommand: (input) => {
        asked.push({ started: String(input.input) });
        return { executionArn: `${workflow}:again`, startDate: new Date(1_000) };
      },
    },
    ['TweetPipes'],
  );
  context = {
    ...made,
    clock: { ...made.clock, now: () => (events.at(-1)?.atMs ?? 0) + 1_000 + passedMs, sleep: async () => {} },
  };
});

const ask = <T extends object>(handler: ApiHandler, query: Record<string, string>, body: unknown = undefined) =>
  handler(context, { query: new URLSearchParams(query), body }) as Promise<T>;
const arn = () => events[0]?.executionArn ?? '';

describe('the API of executions', () => {
  it('lists executions, and then only what changed', async () => {
    const list = await ask<ExecutionList>(getExecutions, { workflow });
    expect(list).toMatchObject({
      isWhole: true,
      isCapped: false,
      states: ['Only', 'End'],
      searched: { isComplete: true },
    });
    expect(list.logging).toEqual({ level: 'ALL', hasData: true, logGroupName: '/aws/vendedlogs/states/test' });
    expect(list.executions).toEqual([
      { arn: arn(), startMs: events[0]?.atMs, endMs: events.at(-1)?.atMs, status: 'succeeded', records: 2 },
    ]);
    const next = await ask<ExecutionList>(getExecutions, { workflow, since: list.version });
    expect(next).toMatchObject({ isWhole: false, executions: [] });
  });

  it('shows the latest soon, while a slow log is read on', async () => {
    answerMs = 250;
    const query = { workflow, minutes: '1440' };
    const first = await ask<ExecutionList>(getExecutions, query);
    expect(passedMs).toBeLessThan(1_000);
    expect(first).toMatchObject({ executions: [{ arn: arn() }], searched: { isComplete: false } });
    let calls = 1;
    while (!(await ask<ExecutionList>(getExecutions, query)).searched.isComplete) calls += 1;
    expect(calls).toBeGreaterThan(1);
  });

  it('knows no executions where nothing is logged', async () => {
    logging = undefined;
    expect(await ask(getExecutions, { workflow })).toMatchObject({ logging: { level: 'OFF' }, executions: [] });
    await expect(ask(getExecution, { arn: arn() })).rejects.toMatchObject({ statusCode: 409, name: 'NotLogged' });
  });

  it('searches by state and by tweet', async () => {
    expect(await ask<MatchingExecutions>(getMatchingExecutions, { workflow, state: 'Only', tweet: '7' })).toMatchObject(
      {
        arns: [arn()],
      },
    );
    expect(asked.map(({ pattern }) => pattern)).toEqual(
      expect.arrayContaining([
        '{ $.type = "*StateEntered" && $.details.name = "Only" }',
        '{ $.type = "ExecutionStarted" && $.details.input = "*7*" }',
      ]),
    );
  });

  it.each([
    [{ workflow: 'arn:other' }, 404],
    [{ workflow, tweet: '7" || $.x = "' }, 400],
    [{ workflow }, 400],
  ])('refuses the search %j with %d', async (query, statusCode) => {
    await expect(ask(getMatchingExecutions, query)).rejects.toMatchObject({ statusCode });
  });

  it('tells of one execution, and of one event with its payloads', async () => {
    const details = await ask<ExecutionDetails>(getExecution, { arn: arn(), at: String(events[0]?.atMs) });
    expect(details).toMatchObject({
      ...{ isWhole: true, inputId: 1, outputId: events.length },
      workflow: { title: 'Test', stack: 'TweetPipes' },
      tree: { status: 'succeeded', states: [{ name: 'Only' }, { name: 'End' }] },
    });
    expect(details.events[1]).toMatchObject({ type: 'PassStateEntered', state: 'Only', hasData: true });
    expect(await ask(getExecutionEvent, { arn: arn(), id: '3' })).toMatchObject({
      details: { assignedVariables: { x: '1' } },
    });
    await expect(ask(getExecutionEvent, { arn: arn(), id: '99' })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('says that an execution was trimmed', async () => {
    const trimmed = arn().replace(/:1$/, ':2');
    logged = [];
    await expect(ask(getExecution, { arn: trimmed, at: '0' })).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('trimmed'),
    });
  });

  it('starts an execution again with its input, but not on AWS', async () => {
    expect(await ask(startExecutionAgain, {}, { arn: arn() })).toEqual({ arn: `${workflow}:again`, startMs: 1_000 });
    expect(asked.at(-1)).toEqual({ started: '[{"id":"7"},{"id":"8"}]' });
    context = { ...context, place: 'aws' };
    await expect(ask(startExecutionAgain, {}, { arn: arn() })).rejects.toMatchObject({ statusCode: 403 });
  });
});
