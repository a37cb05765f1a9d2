import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { MetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, Operation } from '../gateway/local-service.ts';
import type { ClientsOfSession } from '../iam/worker-session.ts';
import type { Part, Pending } from '../lifecycle.ts';
import { type LogDelivery, noLogDelivery } from '../logs/log-delivery.ts';
import { type Meter, payerOf } from '../meter/meter.ts';
import { checkStateMachineArn, refuseExecutionArn } from './api/arn.ts';
import { executionBilling } from './api/billing.ts';
import { Executions, stopping } from './api/executions.ts';
import {
  checkName,
  createStateMachineInput,
  executionInput,
  listExecutionsInput,
  listStateMachinesInput,
  parseExecutionInput,
  parseInput,
  resourceInput,
  startExecutionInput,
  startSyncExecutionInput,
  stateMachineInput,
  tagResourceInput,
  untagResourceInput,
  updateStateMachineInput,
} from './api/input.ts';
import { StateMachines } from './api/state-machines.ts';
import { answerTestState, type TestMeans } from './api/test-state.ts';
import { validateDefinition } from './api/validate-definition.ts';
import { createTaskRunner, type TaskRunnerOf } from './integrations/task-runner.ts';
import type { StatePace } from './interpreter/thread.ts';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from './jsonata/bounds.ts';

const LIST_PAGE = 100;

export interface StatesServiceOptions {
  /** The clients that tasks use, with the rights of a state machine's role; see `TaskRunnerOptions`. */
  clients: ClientsOfSession;
  clock: Clock;
  random: Random;
  /** Counts executions and their log bytes. */
  meter: Meter;
  /** Where the metrics of executions go. Default: nowhere. */
  metrics?: MetricDelivery;
  /** How long states take on AWS. Default: no time. */
  pace?: StatePace;
  /** How much an expression may take, where it is not as on AWS. */
  expressionBounds?: Partial<ExpressionBounds>;
  /** Where the events of executions go, by the log group of their state machine. Default: nowhere. */
  logs?: LogDelivery;
}

export interface StatesService extends LocalService, Part {
  /** Running executions, by state machine. */
  inFlight(): Pending[];
  /** The number of executions started so far. */
  executions(): number;
}

/**
 * Step Functions for Express state machines in JSONata. STANDARD state machines, and operations on single executions,
 * which Express executions do not have, get AWS's own errors.
 */
export function createStatesService(options: StatesServiceOptions): StatesService {
  const { clock, random } = options;
  const machines = new StateMachines(clock, random);
  const runTaskAs: TaskRunnerOf = (session) => createTaskRunner({ clients: () => options.clients(session) });
  const expressionBounds = { ...AWS_EXPRESSION_BOUNDS, ...options.expressionBounds };
  const stopTests = new AbortController();
  const executions = new Executions({
    clock,
    random,
    logs: options.logs ?? noLogDelivery,
    meter: options.meter,
    ...(options.metrics && { metrics: options.metrics }),
    runTaskAs,
    expressionBounds,
    ...(options.pace && { pace: options.pace }),
  });
  return {
    signingName: 'states',
    operations: {
      ...stateMachineOperations(machines),
      ...definitionOperations({ clock, random, runTaskAs, expressionBounds, signal: stopTests.signal }),
      ...executionOperations(machines, executions),
    },
    start: () => Promise.resolve(),
    async stop() {
      stopTests.abort();
      await executions.stop();
    },
    inFlight: () => executions.inFlight(),
    executions: () => executions.started,
  };
}

function stateMachineOperations(machines: StateMachines): Record<string, Operation> {
  return {
    async CreateStateMachine(input, context) {
      const { arn, creationDate } = machines.create(parseInput(createStateMachineInput, input), context);
      return { stateMachineArn: arn, creationDate };
    },
    async DescribeStateMachine(input) {
      const { arn, creationDate, created, revisionId } = machines.get(
        parseInput(stateMachineInput, input).stateMachineArn,
      );
      const { tags: _, ...members } = created;
      return {
        ...members,
        stateMachineArn: arn,
        creationDate,
        status: 'ACTIVE',
        encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
        ...(revisionId === undefined ? {} : { revisionId }),
      };
    },
    async UpdateStateMachine(input) {
      return machines.update(parseInput(updateStateMachineInput, input));
    },

    async DeleteStateMachine(input) {
      machines.delete(parseInput(stateMachineInput, input).stateMachineArn);
      return {};
    },
    async ListStateMachines(input) {
      const { maxResults, nextToken } = parseInput(listStateMachinesInput, input);
      const all = machines.list();
      const start = nextToken === undefined ? 0 : all.findIndex(({ arn }) => arn === nextToken);
      if (start < 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
      const end = start + (maxResults === 0 ? LIST_PAGE : maxResults);
      const next = all[end]?.arn;
      return {
        stateMachines: all.slice(start, end).map(({ arn, creationDate, created }) => ({
          stateMachineArn: arn,
          name: created.name,
          type: created.type,
          creationDate,
        })),
        ...(next === undefined ? {} : { nextToken: next }),
      };
    },
    async TagResource(input) {
      const { resourceArn, tags } = parseInput(tagResourceInput, input);
      const isNew = ({ key }: { key: string }) => tags.every((tag) => tag.key !== key);
      machines.tag(resourceArn, (before) => [...before.filter(isNew), ...tags]);
      return {};
    },
    async UntagResource(input) {
      const { resourceArn, tagKeys } = parseInput(untagResourceInput, input);
      machines.tag(resourceArn, (before) => before.filter(({ key }) => !tagKeys.includes(key)));
      return {};
    },
    async ListTagsForResource(input) {
      return { tags: machines.get(parseInput(resourceInput, input).resourceArn).created.tags };
    },
  };
}

/** Operations that need no state machine. */
function definitionOperations(means: TestMeans): Record<string, Operation> {
  return {
    async ValidateStateMachineDefinition(input) {
      return validateDefinition(input);
    },
    TestState: (input, context) => answerTestState(input, context, means),
  };
}

function executionOperations(machines: StateMachines, executions: Executions): Record<string, Operation> {
  const noSuchExecution: Operation = async (input) =>
    refuseExecutionArn(parseInput(executionInput, input).executionArn);
  return {
    async StartExecution(input, context) {
      const request = parseInput(startExecutionInput, input);
      if (request.name !== undefined) checkName(request.name);
      const machine = machines.get(request.stateMachineArn);
      const { arn, startDate } = executions.start(machine, parseExecutionInput(request.input), {
        name: request.name,
        payer: payerOf(context),
      });
      return { executionArn: arn, startDate };
    },
    async StartSyncExecution(input, context) {
      const request = parseInput(startSyncExecutionInput, input);
      if (request.name !== undefined) checkName(request.name);
      const machine = machines.get(request.stateMachineArn);
      const parsedInput = parseExecutionInput(request.input);
      const execution = executions.start(machine, parsedInput, { name: request.name, payer: payerOf(context) });
      const result = await execution.result;
      if (result.status === 'ABORTED') throw stopping();
      const included = request.includedData === 'ALL_DATA';
      return {
        executionArn: execution.arn,
        stateMachineArn: machine.arn,
        name: execution.name,
        startDate: execution.startDate,
        stopDate: new Date(result.stopMs),
        status: result.status,
        ...(result.error === undefined ? {} : { error: result.error }),
        ...(result.cause === undefined ? {} : { cause: result.cause }),
        ...(included ? { input: request.input } : {}),
        inputDetails: { included },
        ...(included && result.output !== undefined ? { output: JSON.stringify(result.output) } : {}),
        outputDetails: { included },
        ...(request.traceHeader === undefined ? {} : { traceHeader: request.traceHeader }),
        billingDetails: executionBilling(machine, parsedInput.bytes, result),
      };
    },
    async ListExecutions(input) {
      checkStateMachineArn(parseInput(listExecutionsInput, input).stateMachineArn);
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      );
    },
    DescribeExecution: noSuchExecution,
    GetExecutionHistory: noSuchExecution,
    StopExecution: noSuchExecution,
  };
}
