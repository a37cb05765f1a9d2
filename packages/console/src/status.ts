import type { Fact, Problem } from './fact.ts';

/**
 * What `npx tweet-pipes status --json` prints and `/_console/api/status` answers. Times are ISO 8601 in UTC. Counts of
 * metrics are those of the last {@link Status.minutes} minutes.
 */
export interface Status {
  /** Whether there are no problems. */
  readonly ok: boolean;
  /** When it was read. */
  readonly at: string;
  /** The endpoint, or `AWS us-east-1`. */
  readonly where: string;
  /** Minutes that the counts of metrics cover. */
  readonly minutes: number;
  /** The worst first. */
  readonly problems: readonly Problem[];
  readonly stacks: readonly StackStatus[];
  readonly pipes: readonly PipeStatus[];
  readonly workflows: readonly WorkflowStatus[];
  readonly streams: readonly StreamStatus[];
  readonly tables: readonly TableStatus[];
  readonly deliveryStreams: readonly DeliveryStreamStatus[];
  readonly functions: readonly FunctionStatus[];
  /** Undefined without the stack of the core. */
  readonly quarantine?: Fact<QuarantineStatus>;
  readonly alarms: Fact<readonly AlarmStatus[]>;
  /** Undefined on AWS. */
  readonly local?: Fact<LocalStatus>;
}

/** A resource by its names. */
export interface NamedResource {
  /** Name of its stack. */
  readonly stack: string;
  /** Its physical name. */
  readonly name: string;
  /** A short name for people, made of the logical id: `Ingest`. */
  readonly label: string;
}

export interface StackStatus {
  readonly name: string;
  /** `CREATE_COMPLETE` */
  readonly state: string;
  /** Whether it is a stack of this project, which `npx tweet-pipes redrive` knows. */
  readonly isOwn: boolean;
}

export interface PipeStatus extends NamedResource {
  readonly state: Fact<PipeState>;
  readonly lag: Fact<PipeLagStatus>;
  /** Executions of the pipe and how they ended; those that fail are retried. */
  readonly executions: Fact<PipeExecutions>;
  /** Attempts in a row that failed, of the batches at hand. Undefined on AWS, which does not tell. */
  readonly retriesNow?: number;
  readonly deadLetters: Fact<DeadLetterStatus>;
  /** The last error that it logged. Undefined while nothing fails, and where it logged none. */
  readonly lastError?: Fact<LoggedError>;
}

/** An error of a log. */
export interface LoggedError {
  readonly at: string;
  /** `DynamoDb.ThrottlingException: …`, at most 300 characters. */
  readonly text: string;
}

export interface PipeState {
  /** `RUNNING`, `STOPPED`, … */
  readonly state: string;
  readonly desired: string;
  /** How long it waits for a batch to fill. */
  readonly batchWindowSeconds: number;
  /** Why the pipe stopped or failed; while RUNNING, what keeps it from its work. */
  readonly reason?: string;
}

/** How far a pipe is behind its source. */
export interface PipeLagStatus {
  /** Records that it has not processed. */
  readonly records: number;
  /** Whether there may be more than `records`. */
  readonly isAtLeast: boolean;
  /** Age of the oldest of them; 0 without any, undefined where only the number is known. */
  readonly seconds?: number;
  /** By shard, those with records. */
  readonly shards: readonly { readonly shardId: string; readonly records: number; readonly seconds?: number }[];
}

export interface PipeExecutions {
  /** Records that the pipe took. */
  readonly records: number;
  /** Executions that failed, wholly or in part, or timed out; each is retried or bisected. */
  readonly failed: number;
  readonly throttled: number;
}

export interface DeadLetterStatus {
  /** Messages that can be read, and those that a redrive is working on. */
  readonly waiting: number;
  readonly inWork: number;
  /** Some of them, the oldest first. Empty where the queue could only be counted. */
  readonly some: readonly { readonly condition: string; readonly givenUpAt: string; readonly records: number }[];
  /** The last error that the pipe logged before the oldest of them. Undefined where it logged none. */
  readonly error?: Fact<LoggedError>;
}

export interface WorkflowStatus extends NamedResource {
  readonly executions: Fact<WorkflowExecutions>;
  /** Of the last execution that failed. Undefined while none fails, and where none is logged. */
  readonly lastError?: Fact<LoggedError>;
}

/** Executions by their end, and how long they took. */
export interface WorkflowExecutions {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly throttled: number;
  readonly averageMs?: number;
  readonly longestMs?: number;
}

export interface StreamStatus extends NamedResource {
  readonly shards: Fact<{ readonly open: number; readonly closed: number; readonly state: string }>;
  readonly traffic: Fact<{ readonly records: number; readonly refusedWrites: number; readonly refusedReads: number }>;
}

export interface TableStatus extends NamedResource {
  /** Items as DynamoDB counts them, about every six hours. */
  readonly state: Fact<{ readonly state: string; readonly items: number }>;
  readonly traffic: Fact<{ readonly writeUnits: number; readonly throttledWrites: number }>;
}

export interface DeliveryStreamStatus extends NamedResource {
  readonly state: Fact<string>;
  /** The newest object of the last two hours; `at` undefined when there is none. */
  readonly newest: Fact<{ readonly at?: string; readonly key?: string }>;
  /** What Firehose could not deliver as it is. */
  readonly errors: Fact<{ readonly objects: number; readonly isAtLeast: boolean; readonly newestAt?: string }>;
  readonly traffic: Fact<{ readonly records: number; readonly oldestSeconds?: number }>;
}

export interface FunctionStatus extends NamedResource {
  readonly invocations: Fact<{
    readonly started: number;
    readonly errors: number;
    readonly throttles: number;
    readonly longestMs?: number;
  }>;
}

export interface QuarantineStatus {
  readonly objects: number;
  /** Whether there may be more than `objects`. */
  readonly isAtLeast: boolean;
  readonly newestAt?: string;
  /** Objects of the last {@link Status.minutes} minutes. */
  readonly recent: number;
  /** Those by reason, the most frequent first; of more than a hundred the newest hundred. */
  readonly recentReasons: readonly { readonly reason: string; readonly objects: number }[];
  /** Objects by reason, of the newest {@link QuarantineStatus.read}; the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly objects: number }[];
  /** How many objects `reasons` is of. */
  readonly read: number;
  /** Objects that say that a count may be wrong, of the last day. */
  readonly outOfOrder: number;
  readonly unproved: number;
}

export interface AlarmStatus {
  readonly name: string;
  /** `ALARM`, `OK`, `INSUFFICIENT_DATA` */
  readonly state: string;
  readonly since?: string;
  /** What is wrong and what to do. */
  readonly description: string;
  /** Why it is in this state, by CloudWatch. */
  readonly reason: string;
  /** The messages that it sent since it rings, the latest first. Undefined while it does not ring. */
  readonly messages?: Fact<readonly AlarmMessageStatus[]>;
}

/** A message of an alarm to a topic. */
export interface AlarmMessageStatus {
  readonly at: string;
  /** Name of the topic. */
  readonly topic: string;
  /** Why the topic did not take it. */
  readonly error?: string;
}

/** What the policies of the local runtime denied a role or a service, once or again and again. */
export interface DenialStatus {
  /** `role TweetPipes-Workflow`; of a service also for which resource it calls. */
  readonly who: string;
  /** Undefined for a service. */
  readonly roleName?: string | undefined;
  /** `dynamodb:PartiQLInsert` */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** AWS's sentence. */
  readonly sentence: string;
  /** Whether a statement denies it. Else none allows it. */
  readonly isExplicit: boolean;
  readonly count: number;
  readonly lastAt: string;
}

/** What only the local runtime tells. */
export interface LocalStatus {
  /** `ready`, `degraded`, `failed`, … */
  readonly health: string;
  readonly problems: readonly Problem[];
  readonly dataFolder: string;
  readonly freeBytes: number;
  /** Injected faults so far, by kind; empty without `--faults`. */
  readonly faults: Readonly<Record<string, number>>;
  /** Of the last 15 minutes, the latest first. */
  readonly denials: readonly DenialStatus[];
}
