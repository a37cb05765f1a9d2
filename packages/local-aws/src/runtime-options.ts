import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { EarlySynthesis } from './assembly/early-synthesis.ts';
import type { FaultSpec } from './faults/spec.ts';
import type { PageHandler } from './gateway/gateway.ts';
import type { Intercept } from './gateway/wire.ts';
import type { OnDecision } from './iam/authorization/decisions.ts';
import type { PaceTable } from './pace/pace-table.ts';
import type { ExpressionBounds } from './states/jsonata/bounds.ts';

export type { FaultSpec } from './faults/spec.ts';
export type { PageHandler } from './gateway/gateway.ts';
export type { Intercept } from './gateway/wire.ts';
export type { OnDecision } from './iam/authorization/decisions.ts';
export type { PaceTable } from './pace/pace-table.ts';
export type { ExpressionBounds } from './states/jsonata/bounds.ts';

/** Options of `startRuntime`. */
export interface RuntimeOptions {
  /**
   * Holds everything that survives a restart, for its owner alone: until `stop`, this process creates files with umask
   * 077. One runtime at a time may use it. Default: a temporary folder, which `stop` removes.
   */
  dataFolder?: string;
  /**
   * The folder of the CDK app, with its `cdk.json`. The app is synthesized into `<dataFolder>/assembly`. Default: the
   * working directory.
   */
  appFolder?: string;
  /**
   * The command that runs the app in its folder, as for a shell: `node bin/app.ts`. Default: `app` of cdk.json, which
   * need not be there else.
   */
  app?: string;
  /** A cloud assembly, as `cdk synth` writes it, instead of an app. */
  assemblyFolder?: string;
  /** Whether to run no app: an endpoint for clients such as `cdk deploy`. Default false. */
  empty?: boolean;
  /** Context of the synthesis beside that of cdk.json, as by the CDK's `-c`: `{ shards: 4 }`. */
  context?: Readonly<Record<string, unknown>>;
  /**
   * Where assemblies of the app are kept, to start in a second in place of several. One is used again while no file of
   * the app's folder has changed. Only for an app that depends on nothing else, such as files outside of its folder or
   * the time. Default: the app runs at each start.
   */
  assemblyCacheFolder?: string;
  /** The first synthesis of this app, if it has begun. Default: it begins with the start. */
  synthesis?: EarlySynthesis;
  /** Names of the stacks to run, with all that they need. Default: every stack of the app. */
  stacks?: readonly string[];
  /**
   * Resource types (`AWS::ECS::Cluster`) whose resources are ignored, supported or not, of the app and of
   * stacks that clients deploy: not created, and references to them give placeholders. `Runtime.ignored` names those of
   * the app. Default: none, so that such a resource is a TemplateError.
   */
  ignoreUnsupported?: readonly string[];
  /** Port of the endpoint on 127.0.0.1. Default 0: any free port. */
  port?: number;
  /**
   * Origins of web pages that may call the endpoint: `http://localhost:3000`. Default: none, see SECURITY.md. Anything
   * but an origin throws TypeError.
   */
  allowOrigins?: readonly string[];
  /**
   * Other names of the endpoint, `host` or `host:port`, such as that of a forwarded port. Default: none, see
   * SECURITY.md. Anything else throws TypeError.
   */
  allowHosts?: readonly string[];
  /**
   * Web pages of the endpoint by their path: `{ '/_console': handler }`. Each answers its path and every path below,
   * from the start on. Pages of other origins reach them no more than the services.
   */
  pages?: Readonly<Record<string, PageHandler>>;
  /** Whether to empty the data folder first. Default false. */
  fresh?: boolean;
  /** The region in ARNs. Default: AWS_REGION, else us-east-1. */
  region?: string;
  /** Shards of a stream in on-demand mode. Default 4, as for a new one on AWS. */
  shardsPerOnDemandStream?: number;
  /** Seconds, 0-900, default 1. Upper bound of Firehose's buffer interval. */
  maxBufferIntervalSeconds?: number;
  /**
   * MB (10^6 bytes) on disk, default 256, above which the oldest records of a Kinesis stream are trimmed before their
   * retention ends. Trims only records that every pipe is done with and no dead letter points to, and only of streams
   * with a retention of a day.
   */
  streamMegabytes?: number;
  /**
   * How much an expression of a workflow may take, where it is not as on AWS: `{ cpuMs: 5_000 }`. What runs here with
   * higher bounds may fail there.
   */
  expressionBounds?: Partial<ExpressionBounds>;
  /** Time of the runtime's own parts. Default: the system's clock. */
  clock?: Clock;
  /** Randomness of the runtime's own parts: ids, jitter, faults. Default: the system's. */
  random?: Random;
  /** Wraps every call, for tests. It sees answers as callers do, injected faults included. */
  intercept?: Intercept;
  /**
   * Injected faults: text such as `dynamodb.*:lose-answer=1%,seed=7`, JSON of a `FaultSpec`, or a `FaultSpec`. They
   * start when the runtime is ready. docs/fault-injection.md describes the syntax.
   */
  faults?: string | FaultSpec;
  /**
   * AWS's latencies and the throughput limits of items and shards (`paceTable()` has the figures). Default: as fast as
   * this machine. See docs/like-aws.md.
   */
  likeAws?: PaceTable;
  /**
   * Factor, 1-1000, default 1, by which waits and latencies are stretched, so that this machine's own processing time
   * weighs less. docs/like-aws.md lists the exceptions.
   */
  slowMotion?: number;
  /**
   * `off`: whatever role a resource has, it may do everything. Default `enforce`: a call of a role's session is decided
   * by the role's policies and those of the resource, as on AWS. See docs/roles.md.
   */
  roles?: 'enforce' | 'off';
  /** Told of each decision on a call of a role or a service, for tests. */
  onDecision?: OnDecision;
  /** Free bytes of the disk that holds a folder, for tests. Default: the system's answer. */
  freeBytes?(folder: string): number;
  /** Gives the start up: what had started is stopped, and `startRuntime` rejects. No effect on a running stack. */
  signal?: AbortSignal;
  /** Called with one line for each background failure that is retried and each refused web page. Default: stderr. */
  log?(line: string): void;
  /** Called when an engine ended by itself. The runtime is unusable then: call `stop`. */
  onFailure?(error: Error): void;
}
