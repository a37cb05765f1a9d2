import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.ts';
import type { StatesService } from '../../src/states/service.ts';
import { definitionText } from './fixture.ts';
import { call, failure, setUp } from './service-fixture.ts';

const roleArn = 'arn:aws:iam::111122223333:role/r';
const arn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow';
const pass = definitionText({ P: { Type: 'Pass', Output: { got: '{% $states.input %}' }, End: true } });
const destinations = [
  {
    cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/states/w:*' },
  },
];
const wait = definitionText({ W: { Type: 'Wait', Seconds: 10, End: true } });

function create(service: StatesService, members: Record<string, unknown> = {}) {
  return call(service, 'CreateStateMachine', {
    name: 'Workflow',
    definition: pass,
    roleArn,
    type: 'EXPRESS',
    ...members,
  });
}

describe('state machines', () => {
  it('are created, described, listed and deleted', async () => {
    const { service, clock } = setUp();
    const creationDate = new Date(clock.now());
    const loggingConfiguration = { level: 'ALL', includeExecutionData: true };
    expect(await create(service, { loggingConfiguration })).toEqual({ stateMachineArn: arn, creationDate });
    expect(await call(service, 'DescribeStateMachine', { stateMachineArn: arn })).toEqual({
      stateMachineArn: arn,
      name: 'Workflow',
      status: 'ACTIVE',
      definition: pass,
      roleArn,
      type: 'EXPRESS',
      creationDate,
      loggingConfiguration,
      tracingConfiguration: { enabled: false },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    });
    expect(await call(service, 'ListStateMachines', {})).toEqual({
      stateMachines: [{ stateMachineArn: arn, name: 'Workflow', type: 'EXPRESS', creationDate }],
    });
    expect(await call(service, 'DeleteStateMachine', { stateMachineArn: arn })).toEqual({});
    expect(await failure(call(service, 'DescribeStateMachine', { stateMachineArn: arn }))).toEqual([
      'StateMachineDoesNotExist',
      `State Machine Does Not Exist: '${arn}'`,
    ]);
  });

  it('take and lose tags', async () => {
    const { service } = setUp();
    await create(service, { tags: [{ key: 'a', value: '1' }] });
    const tags = [
      { key: 'a', value: '2' },
      { key: 'b', value: '3' },
    ];
    expect(await call(service, 'TagResource', { resourceArn: arn, tags })).toEqual({});
    expect(await call(service, 'ListTagsForResource', { resourceArn: arn })).toEqual({ tags });
    await call(service, 'UntagResource', { resourceArn: arn, tagKeys: ['a'] });
    expect(await call(service, 'ListTagsForResource', { resourceArn: arn })).toEqual({ tags: tags.slice(1) });
    const [name] = await failure(call(service, 'TagResource', { resourceArn: `${arn}s`, tags }));
    expect(name).toBe('StateMachineDoesNotExist');
  });

  it('are listed in pages', async () => {
    const { service } = setUp();
    for (const name of ['c', 'a', 'b']) await create(service, { name });
    const first = await call(service, 'ListStateMachines', { maxResults: 2 });
    expect(first).toMatchObject({ stateMachines: [{ name: 'a' }, { name: 'b' }], nextToken: expect.any(String) });
    const second = await call(service, 'ListStateMachines', {
      maxResults: 2,
      ...('nextToken' in first ? { nextToken: first.nextToken } : {}),
    });
    expect(second).toMatchObject({ stateMachines: [{ name: 'c' }] });
    expect(second).not.toHaveProperty('nextToken');
  });

  it('may be created again with the same content only', async () => {
    const { service, clock } = setUp();
    const first = await create(service);
    await clock.advance(1_000);
    expect(await create(service)).toEqual(first);
    expect(await failure(create(service, { definition: wait }))).toEqual([
      'StateMachineAlreadyExists',
      `State Machine Already Exists: '${arn}'`,
    ]);
  });

  it.each([
    [{ type: undefined }, 'StateMachineTypeNotSupported', /type STANDARD.*EXPRESS state machines only/],
    [{ name: 'x'.repeat(81) }, 'ValidationException', /1 validation error detected: at 'name'/],
    [{ name: '' }, 'ValidationException', /at 'name'/],
    [{ name: 'a b' }, 'InvalidName', /^Invalid Name: 'a b'$/],
    [{ roleArn: undefined }, 'ValidationException', /at 'roleArn'/],
    [{ definition: '{"StartAt"' }, 'InvalidDefinition', /INVALID_JSON_DESCRIPTION/],
    [{ publish: true }, 'ValidationException', /publish/],
    [{ loggingConfiguration: { level: 'SOME' } }, 'ValidationException', /at 'loggingConfiguration.level'/],
    [{ loggingConfiguration: { level: 'ALL', destinations: [{}, {}] } }, 'InvalidLoggingConfiguration', /exactly one/],
  ])('refuses %j with %s', async (members, code, message) => {
    const { service } = setUp();
    const [name, text] = await failure(create(service, members));
    expect(name).toBe(code);
    expect(text).toMatch(message);
  });
});

describe('UpdateStateMachine', () => {
  it('replaces what it names, and only that', async () => {
    const { service, clock } = setUp();
    await create(service, { tracingConfiguration: { enabled: true } });
    await clock.advance(1_000);
    const answer = await call(service, 'UpdateStateMachine', { stateMachineArn: arn, definition: wait });
    expect(answer).toEqual({ updateDate: new Date(clock.now()), revisionId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await call(service, 'DescribeStateMachine', { stateMachineArn: arn })).toMatchObject({
      definition: wait,
      roleArn,
      tracingConfiguration: { enabled: true },
      revisionId: 'revisionId' in answer ? answer.revisionId : undefined,
    });
  });

  it('lets a running execution end with the definition it started with', async () => {
    const { service, clock } = setUp();
    await create(service, { definition: wait });
    const running = call(service, 'StartSyncExecution', { stateMachineArn: arn, input: '1' });
    await call(service, 'UpdateStateMachine', { stateMachineArn: arn, definition: pass });
    await clock.advance(10_000);
    expect(await running).toMatchObject({ output: '1' });
    expect(await call(service, 'StartSyncExecution', { stateMachineArn: arn, input: '1' })).toMatchObject({
      output: '{"got":1}',
    });
  });

  // The text of the first: AWS recording 2023-08-08, localstack test_sfn_api.
  it.each([
    [
      {},
      'MissingRequiredParameter',
      /^Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified$/,
    ],
    [{ definition: '{}' }, 'InvalidDefinition', /These fields are required/],
    [{ loggingConfiguration: { destinations: [{}, {}] } }, 'InvalidLoggingConfiguration', /exactly one/],
    [{ publish: true }, 'ValidationException', /publish/],
    [{ stateMachineArn: `${arn}2`, roleArn }, 'StateMachineDoesNotExist', /Workflow2/],
  ])('refuses %j with %s', async (members, code, message) => {
    const { service } = setUp();
    await create(service);
    const [name, text] = await failure(call(service, 'UpdateStateMachine', { stateMachineArn: arn, ...members }));
    expect(name).toBe(code);
    expect(text).toMatch(message);
  });
});

describe('StartSyncExecution', () => {
  it('answers as recorded on AWS', async () => {
    const { service, clock } = setUp();
    await create(service);
    const answer = await call(service, 'StartSyncExecution', {
      stateMachineArn: arn,
      name: 'first',
      input: ' {"a": 1}',
    });
    const now = new Date(clock.now());
    expect(answer).toEqual({
      executionArn: expect.stringMatching(
        /^arn:aws:states:eu-west-1:111122223333:express:Workflow:first:[0-9a-f-]{36}$/,
      ),
      stateMachineArn: arn,
      name: 'first',
      startDate: now,
      stopDate: now,
      status: 'SUCCEEDED',
      input: ' {"a": 1}',
      inputDetails: { included: true },
      output: '{"got":{"a":1}}',
      outputDetails: { included: true },
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
    });
  });

  it('answers a failure with 200, its error and its cause', async () => {
    const { service } = setUp();
    await create(service, {
      definition: definitionText({ F: { Type: 'Fail', Error: 'SomeFailure', Cause: 'because' } }),
    });
    const answer = await call(service, 'StartSyncExecution', { stateMachineArn: arn });
    expect(answer).toMatchObject({
      status: 'FAILED',
      error: 'SomeFailure',
      cause: 'because',
      input: '{}',
      outputDetails: { included: true },
    });
    expect(answer).not.toHaveProperty('output');
  });

  it('bills in steps of 100 ms', async () => {
    const { service, clock } = setUp();
    await create(service, {
      definition: definitionText({ W: { Type: 'Wait', Timestamp: '2026-01-01T00:00:07.501Z', End: true } }),
    });
    const running = call(service, 'StartSyncExecution', { stateMachineArn: arn });
    await clock.advance(10_000);
    expect(await running).toMatchObject({ billingDetails: { billedDurationInMilliseconds: 7_600 } });
  });

  it('leaves the payloads out for METADATA_ONLY', async () => {
    const { service } = setUp();
    await create(service);
    const answer = await call(service, 'StartSyncExecution', { stateMachineArn: arn, includedData: 'METADATA_ONLY' });
    expect(answer).toMatchObject({ inputDetails: { included: false }, outputDetails: { included: false } });
    expect(answer).not.toHaveProperty('input');
    expect(answer).not.toHaveProperty('output');
  });

  it.each([
    [{ input: 'not json' }, 'InvalidExecutionInput', /^Invalid State Machine Execution Input: '/],
    [{ input: '' }, 'InvalidExecutionInput', /^Invalid State Machine Execution Input: 'Invalid execution input.'$/],
    [{ input: `"${'x'.repeat(262_143)}"` }, 'ValidationException', /at 'input'.*262144 bytes, but has 262145/],
    [{ input: `"${'é'.repeat(131_072)}"` }, 'ValidationException', /262146/],
    [{ name: 'x'.repeat(81) }, 'ValidationException', /at 'name'/],
    [{ name: 'a:b' }, 'InvalidName', /a:b/],
    [{ stateMachineArn: 'nonsense' }, 'InvalidArn', /^Invalid Arn: 'Invalid ARN prefix: nonsense'$/],
    [{ stateMachineArn: `${arn}2` }, 'StateMachineDoesNotExist', /Workflow2/],
    [{ inputs: '{}' }, 'ValidationException', /inputs/],
  ])('refuses %j with %s', async (members, code, message) => {
    const { service } = setUp();
    await create(service);
    const [name, text] = await failure(call(service, 'StartSyncExecution', { stateMachineArn: arn, ...members }));
    expect(name).toBe(code);
    expect(text).toMatch(message);
    expect(service.executions()).toBe(0);
  });

  it('accepts an input of 262,144 bytes', async () => {
    const { service } = setUp();
    await create(service, { definition: definitionText({ S: { Type: 'Succeed', Output: 1 } }) });
    const input = `"${'x'.repeat(262_142)}"`;
    expect(await call(service, 'StartSyncExecution', { stateMachineArn: arn, input })).toMatchObject({ output: '1' });
  });
});

describe('executions', () => {
  it('of StartExecution are counted and listed while they run', async () => {
    const { service, clock, logs } = setUp();
    await create(service, { definition: wait, loggingConfiguration: { level: 'ALL', destinations } });
    const first = await call(service, 'StartExecution', { stateMachineArn: arn, name: 'same' });
    const second = await call(service, 'StartExecution', { stateMachineArn: arn, name: 'same' });
    expect(first).toEqual({ executionArn: expect.any(String), startDate: new Date(clock.now()) });
    expect(first).not.toEqual(second);
    expect(service.inFlight()).toEqual([{ what: 'workflow Workflow', detail: '2 executions running' }]);
    await until(() => clock.sleeping === 4); // The state and the deadline of each.
    await clock.advance(10_000);
    expect(service.inFlight()).toEqual([]);
    expect(service.executions()).toBe(2);
    const streams = new Set(logs.lines.map(({ logGroupName, logStreamName }) => `${logGroupName} ${logStreamName}`));
    expect([...streams]).toEqual([
      expect.stringMatching(/^\/aws\/vendedlogs\/states\/w states\/Workflow\/2026-01-01-00-00\/[0-9a-f]{8}$/),
    ]);
    const events = logs.lines.map(({ message, timestampMs }) => ({ ...JSON.parse(message), timestampMs }));
    const ofFirst = events.filter((event) => event.execution_arn === Reflect.get(first, 'executionArn'));
    expect(ofFirst.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events.every((event) => event.event_timestamp === String(event.timestampMs))).toBe(true);
  });

  it('are logged at the level of the state machine, by default not at all', async () => {
    const { service, logs } = setUp();
    await create(service, { loggingConfiguration: { destinations } });
    await call(service, 'StartSyncExecution', { stateMachineArn: arn });
    expect(logs.lines).toEqual([]);
  });

  it("get AWS's errors for operations that only Standard executions have", async () => {
    const { service } = setUp();
    const executionArn = arn.replace('stateMachine', 'express').concat(':e:1');
    for (const operation of ['DescribeExecution', 'GetExecutionHistory', 'StopExecution']) {
      expect(await failure(call(service, operation, { executionArn }))).toEqual([
        'InvalidArn',
        "Invalid Arn: 'Resource type not valid in this context: express'",
      ]);
    }
    expect(await failure(call(service, 'ListExecutions', { stateMachineArn: arn }))).toEqual([
      'StateMachineTypeNotSupported',
      'This operation is not supported by this type of state machine',
    ]);
  });

  it('are aborted when the service stops, and cannot be started afterwards', async () => {
    const { service, clock } = setUp();
    await create(service, { definition: wait });
    const running = failure(call(service, 'StartSyncExecution', { stateMachineArn: arn }));
    await clock.advance(1_000);
    await service.stop();
    expect((await running)[0]).toBe('ServiceUnavailable');
    expect(service.inFlight()).toEqual([]);
    expect((await failure(call(service, 'StartExecution', { stateMachineArn: arn })))[0]).toBe('ServiceUnavailable');
    expect(clock.sleeping).toBe(0);
  });
});
