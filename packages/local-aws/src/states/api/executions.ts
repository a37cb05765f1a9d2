import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { MetricDelivery } from '../../cloudwatch/metric-delivery.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import { sessionFor, type WorkerSession } from '../../iam/worker-session.ts';
import type { Pending } from '../../lifecycle.ts';
import { groupNameOf } from '../../logs/group-name.ts';
import type { LogDelivery } from '../../logs/log-delivery.ts';
import { type LogWriter, serviceLogWriter } from '../../logs/log-destination.ts';
import { comprehendUnits } from '../../meter/comprehend-units.ts';
import { logEventBytes } from '../../meter/log-event-bytes.ts';
import type { Meter, Payer } from '../../meter/meter.ts';
import { TraceSampling } from '../../meter/trace-sampling.ts';
import { HistoryLog } from '../history/history-log.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import type { TaskRunnerOf } from '../integrations/task-runner.ts';
import { type ExecutionResult, runExecution } from '../interpreter/run-execution.ts';
import type { StatePace } from '../interpreter/thread.ts';
import { Turns } from '../interpreter/turns.ts';
import type { ExpressionBounds } from '../jsonata/bounds.ts';
import { expressExecutionArn } from './arn.ts';
import { executionBilling, gigabyteSeconds } from './billing.ts';
import { ExecutionMetrics } from './execution-metrics.ts';
import type { ExecutionInput } from './input.ts';
import type { StateMachine } from './state-machines.ts';

export interface StartedExecution {
  readonly arn: string;
  readonly name: string;
  readonly startDate: Date;
  /** Rejects only for a defect of the interpreter. */
  readonly result: Promise<ExecutionResult>;
}

/** The executions of all state machines: starts them, counts them, and stops them all. */
export class Executions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #runTaskAs: TaskRunnerOf;
  readonly #logs: LogDelivery;
  readonly #meter: Meter;
  readonly #metrics: ExecutionMetrics;
  readonly #sampling = new TraceSampling();
  readonly #pace: StatePace | undefined;
  readonly #turns = new Turns();
  readonly #expressionBounds: ExpressionBounds;
  readonly #stop = new AbortController();
  readonly #running = new Set<{ machine: string; ended: Promise<void> }>();
  /** By state machine and log group. */
  readonly #writers = new Map<string, LogWriter>();
  #started = 0;

  constructor(options: {
    clock: Clock;
    random: Random;
    runTaskAs: TaskRunnerOf;
    logs: LogDelivery;
    meter: Meter;
    metrics?: MetricDelivery;
    pace?: StatePace;
    expressionBounds: ExpressionBounds;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#runTaskAs = options.runTaskAs;
    this.#logs = options.logs;
    this.#meter = options.meter;
    this.#metrics = new ExecutionMetrics(options.metrics);
    this.#pace = options.pace;
    this.#expressionBounds = options.expressionBounds;
  }

  /** The number of executions started so far. */
  get started(): number {
    return this.#started;
  }

  /** Starts an execution. Names need not be unique, as with Express workflows on AWS. */
  start(
    machine: StateMachine,
    { value: input, bytes: inputBytes }: ExecutionInput,
    { name = this.#random.uuid(), payer }: { name: string | undefined; payer: Payer },
  ): StartedExecution {
    if (this.#stop.signal.aborted) throw stopping();
    const arn = expressExecutionArn(machine.arn, name, this.#random.uuid());
    const meter = this.#meter.of(machine.arn);
    const { level, includeExecutionData } = machine.created.loggingConfiguration;
    const startDate = new Date(this.#clock.now());
    const write = this.#writerOf(machine);
    const result = runExecution({
      definition: machine.definition,
      input,
      runTask: meteredTasks(this.#runTaskAs(machineSession(machine)), meter, payer),
      clock: this.#clock,
      random: this.#random,
      ...(this.#pace && { pace: this.#pace }),
      turns: this.#turns,
      expressionBounds: this.#expressionBounds,
      identity: {
        executionArn: arn,
        executionName: name,
        stateMachineArn: machine.arn,
        stateMachineName: machine.created.name,
        roleArn: machine.created.roleArn,
        region: machine.arn.split(':')[3] ?? '',
      },
      log: new HistoryLog({
        executionArn: arn,
        clock: this.#clock,
        level,
        includeExecutionData,
        deliver: (line, timestampMs) => {
          meter.add('workflowLogBytes', logEventBytes(line), payer);
          write?.(line, timestampMs);
        },
      }),
      signal: this.#stop.signal,
    });
    this.#started += 1;
    this.#metrics.started(machine.arn);
    meter.add('expressRequests', 1, payer);
    if (machine.created.tracingConfiguration.enabled) {
      meter.add('xrayTraces', this.#sampling.sampled(this.#clock.now()), payer);
    }
    const count = (ended: ExecutionResult) => {
      const billing = executionBilling(machine, inputBytes, ended);
      meter.add('expressGigabyteSeconds', gigabyteSeconds(billing), payer);
      this.#metrics.ended(machine.arn, ended, billing);
    };
    const running = { machine: machine.created.name, ended: result.then(count, noop) };
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return { arn, name, startDate, result };
  }

  /** Undefined for a state machine without a log group. */
  #writerOf({ arn, created }: StateMachine): LogWriter | undefined {
    const groupArn = created.loggingConfiguration.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
    if (groupArn === undefined) return undefined;
    const logGroupName = groupNameOf(groupArn);
    const key = `${arn} ${logGroupName}`;
    let writer = this.#writers.get(key);
    if (writer === undefined) {
      const place = { logGroupName, service: 'states', resource: created.name } as const;
      writer = serviceLogWriter(this.#logs, place, { clock: this.#clock, random: this.#random });
      this.#writers.set(key, writer);
    }
    return writer;
  }

  /** Running executions, by state machine. */
  inFlight(): Pending[] {
    const counts = new Map<string, number>();
    for (const { machine } of this.#running) counts.set(machine, (counts.get(machine) ?? 0) + 1);
    return [...counts].map(([name, count]) => ({
      what: `workflow ${name}`,
      detail: `${count} execution${count === 1 ? '' : 's'} running`,
    }));
  }

  /** Aborts every execution and waits for its end. None can be started afterwards. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#running].map(({ ended }) => ended));
  }
}

function machineSession({ arn, created: { name, roleArn } }: StateMachine): WorkerSession {
  return sessionFor('states.amazonaws.com', roleArn, { name, arn });
}

/** Counts what Comprehend bills, which has no resource that would tell the stack. */
function meteredTasks(runTask: TaskRunner, meter: Meter, payer: Payer): TaskRunner {
  return async (call) => {
    const answer = await runTask(call);
    const { resourceType, action } = call.integration;
    if (resourceType === 'aws-sdk:comprehend') {
      meter.add('comprehendUnits', comprehendUnits(action, call.arguments, answer), payer);
    }
    return answer;
  };
}

/** For rejections that the caller of `start` handles. */
function noop(): void {}

/** The error for calls while the runtime stops. Callers may retry after the next start. */
export function stopping(): AwsError {
  return new AwsError('ServiceUnavailable', 'The local runtime is stopping.', { statusCode: 503 });
}
