import type { Clock } from '@tweet-pipes/kit/clock';
import type { IgnoredResource } from './assembly/ignored.ts';
import type { InertPart } from './assembly/inert.ts';
import type { StackDeployment } from './cloudformation/deploy-app.ts';
import type { StackStatus } from './cloudformation/stack.ts';
import type { Pending } from './lifecycle.ts';
import type { Units } from './meter/metered.ts';
import type { PaceCounts } from './pace/pace.ts';

export type { IgnoredResource } from './assembly/ignored.ts';
export type { InertPart } from './assembly/inert.ts';
export type { StackDeployment } from './cloudformation/deploy-app.ts';
export type { Pending } from './lifecycle.ts';
export type { Units } from './meter/metered.ts';
export type { PaceCounts } from './pace/pace.ts';

/** A stack that runs. */
export interface RunningStack {
  readonly name: string;
  /** By key. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A stack that a client deployed, as `cdk deploy` does. */
export interface DeployedStack extends RunningStack {
  /** `CREATE_COMPLETE` */
  readonly status: StackStatus;
}

/** The running stacks of an app. */
export interface Runtime {
  /** The endpoint of every AWS service: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataFolder: string;
  /** Each after those that it needs. */
  readonly stacks: readonly RunningStack[];
  /** Those that clients deployed in this data folder, at any time, the oldest first. */
  readonly deployedStacks: readonly DeployedStack[];
  /** Name of the first stack. It needs no other. */
  readonly stackName: string;
  /** Outputs of the first stack by key. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The parts of the templates without local effect, with the reason. */
  readonly inert: readonly InertPart[];
  /** The resources of the app that are ignored (`ignoreUnsupported`), with what gets placeholders. */
  readonly ignored: readonly IgnoredResource[];
  /** The upper bound of Firehose's buffer interval, in seconds. */
  readonly maxBufferIntervalSeconds: number;
  /** A description of each fault rule, one line each. */
  readonly faults: readonly string[];
  /** Injected faults so far, by kind (`throttle`, `lose-answer`, …). */
  faultCounts(): Record<string, number>;
  /** Latencies and throttles applied so far. Undefined without `likeAws`. */
  paceCounts(): PaceCounts | undefined;
  /**
   * Synthesizes the app again, or reads its cloud assembly again, and deploys the stacks that have changed, as AWS
   * would: what can be is changed in place, data stays, a failure is rolled back. Stacks that the app has no more stay.
   * One at a time: a second call waits for the first. Throws the errors of the app and its templates as `startRuntime`,
   * before anything has changed. `isRepeated`: a process of the app then waits for the next call, which takes half the
   * time.
   */
  deploy(options?: { isRepeated?: boolean }): Promise<readonly StackDeployment[]>;
  /** The runtime's clock: the given one, stretched by `slowMotion`. */
  readonly clock: Clock;
  /** The outstanding work. Empty when every record has had its effect. */
  idle(): Promise<Pending[]>;
  /** Resolves when `idle()` is empty or `signal` aborts. Callers check the signal. */
  whenIdle(signal?: AbortSignal): Promise<void>;
  /** Number of workflow executions started so far. */
  executions(): number;
  /**
   * The billable units of the stack's own calls so far, without those of other clients of the endpoint. `GET /_meter`
   * has both.
   */
  units(): Units;
  /**
   * The part of `units()` that belongs to the resources of each stack, by its name. What the workers did with resources
   * that clients created is in none.
   */
  unitsByStack(): Readonly<Record<string, Units>>;
  /**
   * Stops every part, last started first. Running batches are redelivered after the next start. May be called more than
   * once.
   */
  stop(): Promise<void>;
}
