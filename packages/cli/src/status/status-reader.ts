import type { Fact } from '@tweet-pipes/console/fact';
import type { Status } from '@tweet-pipes/console/status';
import { noStack } from '../stack/outputs.ts';
import { isOwnStack } from '../stack/own-stacks.ts';
import { readAlarms } from './alarms.ts';
import { readDeliveryStream } from './delivery-streams.ts';
import { readFunction } from './functions.ts';
import { factOf, knownValue } from './known.ts';
import { type LocalFacts, readLocal } from './local.ts';
import { MetricReader } from './metrics.ts';
import { readPipe } from './pipes.ts';
import { problemsOf } from './problems.ts';
import { type KnownReasons, readQuarantine } from './quarantine.ts';
import { findResources, ofType, type StackResources } from './resources.ts';
import type { StatusSource } from './source.ts';
import { readStream } from './streams.ts';
import { readTable } from './tables.ts';
import { readExecutions, withTaskError } from './workflows.ts';

/** Minutes that the counts of metrics cover. */
const minutes = 15;
/** From this lag on, what a workflow retries may be the cause. */
const lateSeconds = 10;
/** CloudWatch has values by the minute, and bills each that is asked for. */
const freshMsOnAws = 60_000;

/** Reads the status of the stacks again and again. What cannot have changed is read once. */
export class StatusReader {
  readonly #source: StatusSource;
  readonly #metrics: MetricReader;
  readonly #reasons: KnownReasons = new Map();

  constructor(source: StatusSource) {
    this.#source = source;
    const freshMs = source.endpoint === undefined ? freshMsOnAws : 0;
    this.#metrics = new MetricReader(source.clients, source.clock, { minutes, freshMs });
  }

  /**
   * Reads all, at the same time. A fact that cannot be read says why. Throws CliError when no stack is there, and the
   * SDK's error when CloudFormation does not answer.
   */
  async read(): Promise<Status> {
    const { clients, endpoint, clock, stacks: names } = this.#source;
    const stacks = await findResources(this.#source);
    if (stacks.length === 0) throw noStack(names.stack);
    const local = endpoint === undefined ? undefined : await factOf(() => readLocal(endpoint));
    const all = <T>(type: string, read: (resource: ReturnType<typeof ofType>[number]) => Promise<T>) =>
      Promise.all(ofType(stacks, type).map(read));
    const metrics = this.#metrics;
    const [pipes, workflows, streams, tables, deliveryStreams, functions, alarms, quarantine] = await Promise.all([
      all('AWS::Pipes::Pipe', (pipe) => readPipe(pipe, { clients, clock, metrics, local, stacks })),
      all('AWS::StepFunctions::StateMachine', (workflow) => readExecutions(workflow, { clients, clock }, metrics)),
      all('AWS::Kinesis::Stream', (stream) => readStream(stream, clients, metrics)),
      all('AWS::DynamoDB::Table', (table) => readTable(table, clients, metrics)),
      all('AWS::KinesisFirehose::DeliveryStream', (stream) => readDeliveryStream(stream, { clients, clock }, metrics)),
      all('AWS::Lambda::Function', (each) => readFunction(each, metrics)),
      factOf(() => readAlarms(ofType(stacks, 'AWS::CloudWatch::Alarm'), clients)),
      this.#quarantine(stacks),
    ]);
    const isLate = pipes.some(({ lag }) => (knownValue(lag)?.seconds ?? 0) > lateSeconds);
    const explained = isLate
      ? await Promise.all(workflows.map((workflow) => withTaskError(workflow, { clients, clock }, minutes)))
      : workflows;
    const where = endpoint ?? `AWS ${await clients.cloudformation.config.region()}`;
    const facts = {
      ...{ at: new Date(clock.now()).toISOString(), where, minutes },
      stacks: stacks.map((stack) => ({ name: stack.name, state: stack.state, isOwn: isOwnStack(stack) })),
      ...{ pipes, workflows: explained, streams, tables, deliveryStreams, functions, alarms },
      ...(quarantine === undefined ? {} : { quarantine }),
      ...(local === undefined ? {} : { local: withoutStandings(local) }),
    };
    const problems = problemsOf(facts);
    return { ok: problems.length === 0, problems, ...facts };
  }

  async #quarantine(stacks: readonly StackResources[]) {
    const bucket = stacks.find(({ outputs }) => outputs.ArchiveBucketName !== undefined)?.outputs.ArchiveBucketName;
    if (bucket === undefined) return undefined;
    return factOf(() => readQuarantine(this.#source, bucket, { minutes, known: this.#reasons }));
  }
}

/** They are the lag of the pipes already. */
function withoutStandings(local: Fact<LocalFacts>): NonNullable<Status['local']> {
  if (!local.known) return local;
  const { standings: _, ...value } = local.value;
  return { known: true, value };
}
