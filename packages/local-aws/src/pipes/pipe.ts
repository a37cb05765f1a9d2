import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sentence } from '@tweet-pipes/kit/thrown';
import { thousands } from '@tweet-pipes/kit/wording';
import { sessionLogs } from '../iam/session-logs.ts';
import { allowEverything, type DecideForSession } from '../iam/worker-session.ts';
import type { Pending } from '../lifecycle.ts';
import type { LogDelivery } from '../logs/log-delivery.ts';
import { serviceLogWriter } from '../logs/log-destination.ts';
import { logEventBytes } from '../meter/log-event-bytes.ts';
import type { Meter } from '../meter/meter.ts';
import type { Problems } from '../problems.ts';
import { QuietLine } from '../quiet-line.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { outageBackoff, retryBackoff } from './backoff.ts';
import type { BatchLimits } from './batcher.ts';
import type { ShardPosition } from './checkpoint.ts';
import { Checkpoint } from './checkpoint.ts';
import { type Connections, pipeSession } from './connections.ts';
import type { DeadLetterQueue } from './dead-letter.ts';
import { deadLetterBody } from './dead-letter.ts';
import { DeadLetterRanges, type SequenceRange } from './dead-letter-ranges.ts';
import type { PipeDefinition } from './definition.ts';
import type { DeadLetterCondition, RetryPolicy } from './delivery.ts';
import type { DeliveryFailure } from './errors.ts';
import type { Stages } from './execution.ts';
import { execute } from './execution.ts';
import type { PipeFaults } from './faults.ts';
import { PipeLog } from './log.ts';
import { meterRead } from './meter-read.ts';
import { describeBeyond, type RecordsBeyond, recordsBeyond } from './pending-records.ts';
import { PipeMetrics } from './pipe-metrics.ts';
import { PipeProblems } from './problems.ts';
import { type CountRead, countReads } from './read-metrics.ts';
import { ShardGroup } from './shard-group.ts';
import { type IdlePoll, ShardWorker } from './shard-worker.ts';
import type { SourceWrites } from './source-writes.ts';
import type { StreamRecord } from './sources/record.ts';
import type { StreamSource } from './sources/source.ts';
import { stagesOf } from './stages.ts';

/** What a pipe runs on. It keeps `pipes/<name>/` in the data folder. */
export interface PipeContext extends Pick<RuntimeContext, 'clock' | 'random' | 'dataFolder' | 'meter' | 'metrics'> {
  connections: Connections;
  /** Called with one line without payload when records cannot be delivered. */
  log?(line: string): void;
  /** Where a pipe reports that it stopped by itself, or cannot go on. Default: nowhere. */
  problems?: Problems;
  faults?: PipeFaults;
  polls?: Readonly<Record<StreamSource['kind'], IdlePoll>>;
  writes?: Readonly<Partial<Record<StreamSource['kind'], SourceWrites>>>;
  /** Where log records go, if the pipe names a log group. Default: nowhere. */
  logs?: LogDelivery;
  /** Whether the pipe's role may write them. Default: it may. */
  decide?: DecideForSession;
}

/** The values of `CurrentState` that a local pipe can have. */
export type PipeState =
  | 'CREATING'
  | 'CREATE_FAILED'
  | 'STARTING'
  | 'START_FAILED'
  | 'RUNNING'
  | 'UPDATING'
  | 'UPDATE_FAILED'
  | 'STOPPING'
  | 'STOPPED'
  | 'DELETING';

/** How far a pipe is on a shard. */
export interface ShardStanding extends RecordsBeyond {
  readonly shardId: string;
  /** Records that are read and not done. */
  readonly inFlight: number;
  /** Attempts that failed since the last one that succeeded. */
  readonly failedAttempts: number;
}

/** How far a pipe is. */
export interface PipeStanding {
  readonly name: string;
  readonly shards: readonly ShardStanding[];
}

/** One pipe and its state. Calls that change the state must not overlap; the service ensures it. */
export class Pipe {
  readonly createdMs: number;
  modifiedMs: number;
  desiredState: 'RUNNING' | 'STOPPED';
  /** An update leaves them as they are. */
  tags: Readonly<Record<string, string>>;
  readonly #context: PipeContext;
  readonly #meter: Meter;
  readonly #metrics: PipeMetrics;
  readonly #source: StreamSource;
  readonly #countRead: CountRead;
  readonly #file: string;
  readonly #problems: PipeProblems;
  readonly #givenUp: QuietLine;
  /** By shard. */
  readonly #failedAttempts = new Map<string, number>();
  /** What an update replaces while the workers go on. */
  #parts: PipeParts;
  #state: PipeState = 'CREATING';
  #reason: string | undefined;
  #checkpoint: Checkpoint | undefined;
  #deadLetterRanges: DeadLetterRanges | undefined;
  #group: ShardGroup | undefined;
  /** Resolves when the pipe has stopped by itself. */
  #ending: Promise<void> | undefined;

  constructor(definition: PipeDefinition, context: PipeContext) {
    this.#context = context;
    this.#meter = context.meter.of(definition.name);
    this.createdMs = context.clock.now();
    this.modifiedMs = this.createdMs;
    this.desiredState = definition.desiredState;
    this.tags = definition.request.Tags ?? {};
    this.#problems = new PipeProblems((problem) => context.log?.(`Pipe ${definition.name}: ${problem}`), context.clock);
    this.#givenUp = new QuietLine((line) => context.log?.(line), context.clock);
    this.#file = join(context.dataFolder, 'pipes', definition.name, 'checkpoint.json');
    this.#metrics = new PipeMetrics(definition.name, context.metrics);
    this.#parts = this.#partsOf(definition);
    const { kind, arn } = this.#parts.source;
    this.#source = {
      kind,
      arn,
      listShards: (...given) => this.#parts.source.listShards(...given),
      openIterator: (...given) => this.#parts.source.openIterator(...given),
      getRecords: (...given) => this.#parts.source.getRecords(...given),
    };
    this.#countRead = countReads(definition.source.arn, context.clock, context.metrics);
  }

  /** As it was created or last updated. */
  get definition(): PipeDefinition {
    return this.#parts.definition;
  }

  get state(): PipeState {
    return this.#state;
  }

  /** Whether it delivers records. A pipe whose update failed goes on as it was. */
  get isRunning(): boolean {
    return this.#state === 'RUNNING' || (this.#state === 'UPDATE_FAILED' && this.#group !== undefined);
  }

  /** Whether it is between two states, so that it cannot be changed now. */
  get isChanging(): boolean {
    return this.#state.endsWith('ING') && this.#state !== 'RUNNING';
  }

  /** Why the pipe failed or stopped by itself. While RUNNING: what keeps it from its work at the moment. */
  get stateReason(): string | undefined {
    return this.#reason ?? (this.#state === 'RUNNING' ? this.#problems.first : undefined);
  }

  /**
   * Checks the checkpoint file, the dead-letter queue and the source, then runs if RUNNING is desired. The state
   * afterwards is RUNNING, STOPPED, or `failedState` with a reason. Never throws.
   */
  async start(failedState: 'CREATE_FAILED' | 'START_FAILED' | 'UPDATE_FAILED'): Promise<void> {
    try {
      this.#checkpoint = await Checkpoint.open(this.#file, this.definition.source.arn);
      this.#deadLetterRanges = await DeadLetterRanges.open(join(dirname(this.#file), 'dead-letter-ranges.jsonl'));
      await checkDeadLetters(this.#parts);
      if (this.desiredState === 'STOPPED') {
        this.#become('STOPPED');
        return;
      }
      this.#group = this.#newGroup(this.#checkpoint);
      await this.#group.start();
      // Not after an error that stopped it meanwhile.
      if (this.#state === 'CREATING' || this.#state === 'STARTING' || this.#state === 'UPDATING')
        this.#become('RUNNING');
    } catch (error) {
      this.#group = undefined;
      this.#become(failedState, sentence(error));
    }
  }

  /** Sets the transitional state before `start` or `stop`. */
  leave(state: 'STARTING' | 'UPDATING' | 'STOPPING' | 'DELETING'): void {
    this.#become(state);
  }

  /**
   * Changes everything but the source, after `leave`. Nothing is read again and no call is cut off: the workers take
   * the new definition with their next read, batch and attempt, so checkpoints, order and the number of retries stay.
   * The state afterwards is as the definition desires, or UPDATE_FAILED with a reason: then the pipe goes on as it was.
   * Never throws.
   */
  async update(definition: PipeDefinition, graceMs: number): Promise<void> {
    const parts = this.#partsOf(definition);
    try {
      await checkDeadLetters(parts);
    } catch (error) {
      await this.#ending;
      this.#become('UPDATE_FAILED', sentence(error));
      return;
    }
    await this.#ending;
    if (this.#state !== 'UPDATING') this.#become('UPDATING');
    this.#parts = parts;
    this.desiredState = definition.desiredState;
    if (this.desiredState === 'STOPPED') await this.stop(graceMs);
    else if (this.#group === undefined) await this.start('UPDATE_FAILED');
    else this.#become('RUNNING');
  }

  /**
   * Stops reading. Running batches may finish within `graceMs`; the others are redelivered after a start. The state
   * afterwards is STOPPED.
   */
  async stop(graceMs: number, reason?: string): Promise<void> {
    const group = this.#group;
    await group?.stop(graceMs);
    if (this.#group === group) this.#group = undefined;
    if (this.#state !== 'DELETING') this.#become('STOPPED', reason);
  }

  /** Like `stop`, without a change of state, for the end of the process. */
  async shutDown(graceMs: number): Promise<void> {
    await this.#group?.stop(graceMs);
  }

  /** Deletes the checkpoint. A later pipe of this name begins at its StartingPosition. Call after `stop`. */
  async forget(): Promise<void> {
    await rm(dirname(this.#file), { recursive: true, force: true });
  }

  /**
   * What the pipe has yet to deliver, by reading its source. Records that the filter drops count until the checkpoint
   * passes them.
   */
  async pending(): Promise<Pending[]> {
    const what = `pipe ${this.definition.name}`;
    const group = this.#group;
    const checkpoint = this.#checkpoint;
    if (!this.isRunning || group === undefined || checkpoint === undefined) {
      if (this.desiredState === 'STOPPED' || this.#state === 'DELETING') return [];
      return [{ what, detail: `is ${this.#state}${this.#reason === undefined ? '' : `: ${this.#reason}`}` }];
    }
    try {
      const pending: Pending[] = [];
      for (const { shardId } of await this.#source.listShards()) {
        const position = checkpoint.durable.get(shardId);
        const beyond = await recordsBeyond(this.#source, shardId, position);
        const inFlight = group.outstanding(shardId);
        if (beyond.records === 0 && inFlight === 0) continue;
        pending.push({ what, detail: `${describeBeyond(beyond)} behind on ${shardId}, ${inFlight} of them in flight` });
      }
      return pending;
    } catch (error) {
      return [{ what, detail: `cannot read its source: ${sentence(error)}` }];
    }
  }

  /** How far the pipe is, whatever its state. Reads its source. Throws the source's errors. */
  async standing(): Promise<PipeStanding> {
    const shards: ShardStanding[] = [];
    for (const { shardId } of await this.#source.listShards()) {
      const beyond = await recordsBeyond(this.#source, shardId, this.#checkpoint?.durable.get(shardId));
      const failedAttempts = this.#failedAttempts.get(shardId) ?? 0;
      shards.push({ shardId, ...beyond, inFlight: this.#group?.outstanding(shardId) ?? 0, failedAttempts });
    }
    return { name: this.definition.name, shards };
  }

  /** The durable positions. Undefined until the checkpoint file is read. */
  get positions(): ReadonlyMap<string, ShardPosition> | undefined {
    return this.#checkpoint?.durable;
  }

  /** The ranges that the pipe's dead letters of the last day point to. */
  get deadLetterRanges(): readonly SequenceRange[] {
    return this.#deadLetterRanges?.current(this.#context.clock.now()) ?? [];
  }

  #partsOf(definition: PipeDefinition): PipeParts {
    const { connections, clock, random } = this.#context;
    return {
      definition,
      source: connections.source(definition),
      stages: {
        ...stagesOf(definition, connections),
        clock,
        random,
        log: this.#newLog(definition),
        meter: this.#meter,
        metrics: this.#metrics,
      },
      deadLetters: connections.deadLetters(definition),
    };
  }

  #become(state: PipeState, reason?: string): void {
    this.#state = state;
    this.#reason = reason;
    this.#problems.clear();
    this.modifiedMs = this.#context.clock.now();
    this.#publish();
  }

  #report(origin: string, problem: string | undefined): void {
    this.#problems.report(origin, problem);
    this.#publish();
  }

  #reportRecords(origin: string, problem: string | undefined): void {
    this.#problems.reportRecords(origin, problem);
    this.#publish();
  }

  /** Tells the runtime's problems. A pipe that was stopped on request has none. */
  #publish(): void {
    const { problems } = this.#context;
    const what = `pipe ${this.definition.name}`;
    const hasFailed = this.#state === 'STOPPED' || this.#state.endsWith('_FAILED');
    const { first, lasting } = this.#problems;
    if (hasFailed && this.desiredState === 'RUNNING' && this.#reason !== undefined) {
      const remedy = this.isRunning
        ? 'It goes on as it was before. Update it again.'
        : 'Remove the cause, then restart the runtime. Nothing is lost.';
      problems?.report({ what, why: `is ${this.#state}: ${this.#reason}`, do: remedy });
    } else if (this.#state !== 'RUNNING' || first === undefined) problems?.end(what);
    else if (lasting !== undefined) {
      const remedy = 'It tries again until it can. Nothing is lost.';
      problems?.report({ what, why: lasting.text, do: remedy }, { isSilent: lasting.isOfRecords });
    }
  }

  #givenUpLine(count: number, condition: DeadLetterCondition): string {
    const { name } = this.definition;
    return `Pipe ${name}: gives records up as dead letters (${condition}), ${thousands(count)} since the start. ${DEAD_LETTER_REMEDY}`;
  }

  #newLog(definition: PipeDefinition): PipeLog {
    const { name, arn, log } = definition;
    const { clock, random, decide = allowEverything } = this.#context;
    const logs =
      this.#context.logs &&
      sessionLogs(this.#context.logs, {
        ...{ session: () => pipeSession(definition), decide, createsStreams: true },
        ...{ region: arn.split(':')[3] ?? '', accountId: arn.split(':')[4] ?? '' },
      });
    const write =
      logs === undefined || log.logGroupName === undefined
        ? undefined
        : serviceLogWriter(
            logs,
            { logGroupName: log.logGroupName, service: 'pipes', resource: name },
            { clock, random },
          );
    return new PipeLog({
      resourceArn: arn,
      level: log.level,
      includeExecutionData: log.includeExecutionData,
      deliver: (line, timestampMs) => {
        this.#meter.add('pipeLogBytes', logEventBytes(line));
        write?.(line, timestampMs);
      },
    });
  }

  #newGroup(checkpoint: Checkpoint): ShardGroup {
    const { name, source } = this.definition;
    const { clock, random, faults, polls } = this.#context;
    const writes = this.#context.writes?.[this.#source.kind];
    const { limits, retry } = this.#livePolicy();
    return new ShardGroup({
      source: this.#source,
      checkpoint,
      startingPosition: source.startingPosition,
      clock,
      onProblem: (problem) => this.#report('shards', problem),
      onFatal: (error) => {
        if (this.#state === 'STOPPING' || this.#state === 'STOPPED' || this.#state === 'DELETING') return;
        this.#become('STOPPING', sentence(error));
        this.#ending = this.stop(0, sentence(error));
      },
      worker: (shardId, isClosed) =>
        new ShardWorker({
          source: {
            stream: this.#source,
            shardId,
            checkpoint,
            filter: (record) => this.definition.filter(record),
            isClosed,
            onRead: (records) => {
              meterRead(this.#source.kind, records, this.#meter);
              this.#countRead(records);
            },
            report: (step, problem) => this.#report(`${step} of ${shardId}`, problem),
            ...(writes && { writes }),
          },
          policy: {
            limits,
            retry,
            retryBackoff: retryBackoff(random),
            readBackoff: outageBackoff(random),
            ...(polls && { idlePoll: polls[this.#source.kind] }),
          },
          sink: {
            onProblem: (failure) => this.#reportRecords(`records of ${shardId}`, deliveryProblem(failure, retry)),
            attempt: async (records, signal) => {
              const outcome = await execute(records, this.#parts.stages, signal);
              const failed = outcome.result === 'succeeded' ? 0 : (this.#failedAttempts.get(shardId) ?? 0) + 1;
              this.#failedAttempts.set(shardId, failed);
              return outcome;
            },
            sendDeadLetter: (records, condition, signal) => this.#sendDeadLetter(shardId, records, condition, signal),
          },
          clock,
          ...(faults && { injectFaults: (batcher) => faults(batcher, name, shardId) }),
        }),
    });
  }

  /** The limits and retries as they are at the moment of each look. */
  #livePolicy(): { limits: BatchLimits; retry: RetryPolicy } {
    const source = () => this.definition.source;
    return {
      limits: {
        get batchSize() {
          return source().batchSize;
        },
        get windowSeconds() {
          return source().windowSeconds;
        },
      },
      retry: {
        get maximumRetryAttempts() {
          return source().policy.maximumRetryAttempts;
        },
        get maximumRecordAgeSeconds() {
          return source().policy.maximumRecordAgeSeconds;
        },
        get bisect() {
          return source().policy.bisect;
        },
      },
    };
  }

  /**
   * Retries until the queue accepts the message: no record is dropped. False when stopped, or when an update has left
   * the pipe without a queue.
   */
  async #sendDeadLetter(
    shardId: string,
    records: readonly StreamRecord[],
    condition: DeadLetterCondition,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { clock, random } = this.#context;
    const backoff = outageBackoff(random);
    const [from, to] = [records[0]?.sequenceNumber, records.at(-1)?.sequenceNumber];
    // A Kinesis stream retains its records by itself.
    const range = this.#source.kind === 'dynamodb' && from !== undefined && to !== undefined ? { from, to } : undefined;
    let isNoted = false;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const { deadLetters: queue } = this.#parts;
      if (queue === undefined) break;
      const body = deadLetterBody({
        pipeArn: this.definition.arn,
        source: this.definition.source,
        shardId,
        condition,
        records,
        nowMs: clock.now(),
      });
      try {
        if (range !== undefined && !isNoted) await this.#deadLetterRanges?.add(range, clock.now());
        isNoted = true;
        await queue.send(body, signal);
        this.#report(`dead letter of ${shardId}`, undefined);
        this.#failedAttempts.delete(shardId);
        this.#givenUp.add(records.length, (count) => this.#givenUpLine(count, condition));
        return true;
      } catch (error) {
        const what = isNoted ? 'The dead-letter queue does not accept the message' : 'The dead letter cannot be noted';
        this.#report(`dead letter of ${shardId}`, `${what}: ${sentence(error)}`);
        await clock.sleep(backoff.delayMs(attempt), signal);
      }
    }
    this.#report(`dead letter of ${shardId}`, undefined);
    return false;
  }
}

/** What is made of a pipe's definition. */
interface PipeParts {
  readonly definition: PipeDefinition;
  readonly source: StreamSource;
  readonly stages: Stages;
  readonly deadLetters: DeadLetterQueue | undefined;
}

async function checkDeadLetters({ deadLetters, definition: { source } }: PipeParts): Promise<void> {
  await deadLetters?.check().catch((error: unknown) => {
    throw new Error(`Error occurred while sending message to SQS queue ${source.deadLetterArn}. ${sentence(error)}`, {
      cause: error,
    });
  });
}

const DEAD_LETTER_REMEDY =
  'Repair the cause. Each message of its dead-letter queue names the shard and the sequence numbers of its records.';

/** What to do about a failure that no other attempt can help. */
const remedies: Readonly<Record<string, string>> = {
  InvalidTransformation: 'Let the template take the object around the text, as in {"data": <$.data>}.',
  InvalidPartitionKey: 'Let PartitionKey name a text that each record has, or keep such records out with a filter.',
  InvalidMessageGroupId: 'Let MessageGroupId name a text that each record has, or keep such records out with a filter.',
  InvalidMessageDeduplicationId:
    'Let MessageDeduplicationId name a text that each record has, or keep such records out with a filter.',
};

/** Undefined for a failure that another attempt may not have. */
function deliveryProblem(failure: DeliveryFailure | undefined, { maximumRetryAttempts }: RetryPolicy) {
  const remedy = failure === undefined ? undefined : remedies[failure.name];
  if (failure === undefined || remedy === undefined) return undefined;
  const consequence =
    maximumRetryAttempts === -1
      ? 'The pipe tries the batch again and again, and delivers nothing else of the shard meanwhile.'
      : `The record becomes a dead letter, if the pipe has a queue for them, after ${maximumRetryAttempts} retries.`;
  return `${failure.message} ${consequence} ${remedy}`;
}
