import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import type { LocalService } from '../gateway/local-service.ts';
import type { ClientsOfSession, DecideForSession, WorkerSession } from '../iam/worker-session.ts';
import type { Part, Pending } from '../lifecycle.ts';
import type { LogDelivery } from '../logs/log-delivery.ts';
import type { Problems } from '../problems.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import type { Connections } from './connections.ts';
import { pipeSession, sdkConnections } from './connections.ts';
import type { SequenceRange } from './dead-letter-ranges.ts';
import { parsePipeDefinition, parsePipeUpdate } from './definition.ts';
import { conflict, notFound, validationError } from './errors.ts';
import type { PipeFaults } from './faults.ts';
import { lowestCheckpoints, type StreamReader } from './lowest-checkpoints.ts';
import { Pipe, type PipeStanding } from './pipe.ts';
import type { IdlePoll } from './shard-worker.ts';
import type { SourceWrites } from './source-writes.ts';
import type { StreamSource } from './sources/source.ts';

/** Grace period of a running batch when its pipe or the service stops. */
const defaultStopGraceMs = 5_000;

/** Checkpoints are kept in `<dataFolder>/pipes/<pipe>/checkpoint.json`. */
export interface PipesServiceOptions extends RuntimeContext {
  /** Clients for sources, enrichments, targets and queues, with the rights of a pipe's role. */
  clients: ClientsOfSession;
  /** Clients for what no right is needed for on AWS. Default: those of the role. */
  ownClients?: () => AwsClients;
  /** Default: every role may do everything. */
  decide?: DecideForSession;
  /** Milliseconds, default 5000. */
  stopGraceMs?: number;
  /** Default: the SDK clients. */
  connections?: Connections;
  /** Waits between reads, by kind of source. Default: see `ShardPolicy`. */
  polls?: Readonly<Record<StreamSource['kind'], IdlePoll>>;
  /** The writes to sources, by their kind. Default: not known, so sources are read more often. */
  writes?: Readonly<Partial<Record<StreamSource['kind'], SourceWrites>>>;
  /** Readers of streams beside the pipes, whose positions count in `checkpoints()`. Default: none. */
  otherReaders?(): readonly StreamReader[];
  /** Where pipes report that they stopped by themselves, or cannot go on. Default: nowhere. */
  problems?: Problems;
  /** Where the log records of pipes go that name a log group. Default: nowhere. */
  logs?: LogDelivery;
  /** For tests of at-least-once delivery. */
  faults?: PipeFaults;
  /** Called with the session of a pipe once it is deleted. */
  onDeleted?(session: WorkerSession): void;
  /** Called with one line without payload when a running pipe has a problem. Default: none. */
  log?(line: string): void;
}

/** EventBridge Pipes on one machine. docs/feature-support.md lists what it supports. */
export interface PipesService extends LocalService, Part {
  /**
   * Why the pipes are not idle. Reads each source. Empty when every running pipe's checkpoint is at the head of its
   * source.
   */
  pending(): Promise<Pending[]>;
  /** How far each pipe is, or why that is not known. Reads each source. */
  standings(): Promise<(PipeStanding | { readonly name: string; readonly why: string })[]>;
  /**
   * Per source ARN and shard, the sequence number up to which all pipes and other readers are done, stopped pipes
   * included. Null: one has not started the shard, so no record may be trimmed. Complete only after all pipes of the
   * template are created.
   */
  checkpoints(): ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  /** Per source ARN, the ranges that dead letters of the last day point to. They must not be trimmed. */
  deadLetterRanges(): ReadonlyMap<string, readonly SequenceRange[]>;
}

const named = z.object({ Name: z.string().min(1) });

/** https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_TagResource.html */
const tagInput = z.object({ tags: z.record(z.string().min(1).max(128), z.string().max(256)) });
const untagInput = z.object({ tagKeys: z.array(z.string().min(1).max(128)) });

const listInput = z.strictObject({
  NamePrefix: z.string().optional(),
  DesiredState: z.enum(['RUNNING', 'STOPPED']).optional(),
  CurrentState: z.string().optional(),
  SourcePrefix: z.string().optional(),
  TargetPrefix: z.string().optional(),
  Limit: z.coerce.number().int().min(1).max(100).optional(),
  NextToken: z.string().optional(),
});

/**
 * Creates the service. Pipes are kept in memory and created again at each start. Their checkpoints survive until
 * DeletePipe.
 */
export function createPipesService(options: PipesServiceOptions): PipesService {
  const context = { ...options, connections: options.connections ?? sdkConnections(options) };
  const pipes = new Map<string, Pipe>();
  const background = new Set<Promise<void>>();
  const graceMs = options.stopGraceMs ?? defaultStopGraceMs;

  const later = (work: Promise<void>) => {
    const tracked = work.finally(() => background.delete(tracked));
    background.add(tracked);
  };
  const find = (input: unknown): Pipe => {
    const parsed = named.safeParse(input);
    if (!parsed.success) throw validationError('Name', 'failed to satisfy constraint: Member must not be null.');
    const pipe = pipes.get(parsed.data.Name);
    if (pipe === undefined) throw notFound(parsed.data.Name);
    return pipe;
  };

  const findByArn = ({ resourceArn }: Record<string, unknown>): Pipe => {
    const pipe = [...pipes.values()].find(({ definition }) => definition.arn === resourceArn);
    if (pipe === undefined) throw notFound(String(resourceArn));
    return pipe;
  };

  return {
    signingName: 'pipes',
    operations: {
      async CreatePipe(input) {
        const definition = parsePipeDefinition(input, options);
        if (pipes.has(definition.name)) throw conflict(`Pipe ${definition.name} already exists.`);
        const pipe = new Pipe(definition, context);
        pipes.set(definition.name, pipe);
        const answer = describePipe(pipe);
        later(pipe.start('CREATE_FAILED'));
        return answer;
      },
      async DescribePipe(input) {
        const pipe = find(input);
        const { Name: _, DesiredState: __, ...request } = pipe.definition.request;
        return { ...describePipe(pipe), ...request, Tags: pipe.tags };
      },
      async UpdatePipe(input) {
        const pipe = find(input);
        if (pipe.isChanging) throw wrongState(pipe, 'updated');
        const before = { ...pipe.definition.request, DesiredState: pipe.desiredState };
        const definition = parsePipeUpdate(input, before, options);
        pipe.leave('UPDATING');
        const answer = describePipe(pipe);
        later(pipe.update(definition, graceMs));
        return answer;
      },
      async StartPipe(input) {
        const pipe = find(input);
        if (pipe.isRunning || pipe.isChanging || pipe.state === 'CREATE_FAILED') throw wrongState(pipe, 'started');
        pipe.desiredState = 'RUNNING';
        pipe.leave('STARTING');
        const answer = describePipe(pipe);
        later(pipe.start('START_FAILED'));
        return answer;
      },
      async StopPipe(input) {
        const pipe = find(input);
        if (!pipe.isRunning) throw wrongState(pipe, 'stopped');
        pipe.desiredState = 'STOPPED';
        pipe.leave('STOPPING');
        const answer = describePipe(pipe);
        later(pipe.stop(graceMs));
        return answer;
      },
      async DeletePipe(input) {
        const pipe = find(input);
        if (pipe.isChanging) throw wrongState(pipe, 'deleted');
        pipe.leave('DELETING');
        const answer = describePipe(pipe);
        later(
          pipe
            .stop(graceMs)
            .then(() => pipe.forget())
            .then(() => {
              pipes.delete(pipe.definition.name);
              options.onDeleted?.(pipeSession(pipe.definition));
            }),
        );
        return answer;
      },
      async ListPipes(input) {
        return listPage([...pipes.values()], parsedInput(listInput, input));
      },
      async ListTagsForResource(input) {
        return { tags: findByArn(input).tags };
      },
      async TagResource(input) {
        const pipe = findByArn(input);
        const { tags } = parsedInput(tagInput, input);
        pipe.tags = { ...pipe.tags, ...tags };
        return {};
      },
      async UntagResource(input) {
        const pipe = findByArn(input);
        const { tagKeys } = parsedInput(untagInput, input);
        pipe.tags = Object.fromEntries(Object.entries(pipe.tags).filter(([key]) => !tagKeys.includes(key)));
        return {};
      },
    },
    async start() {},
    async stop() {
      await Promise.all(background);
      await Promise.all([...pipes.values()].map((pipe) => pipe.shutDown(graceMs)));
    },
    async pending() {
      const all = await Promise.all([...pipes.values()].map((pipe) => pipe.pending()));
      return all.flat();
    },
    standings: () =>
      Promise.all(
        [...pipes.values()].map((pipe) =>
          pipe.standing().catch((error: unknown) => ({ name: pipe.definition.name, why: sentence(error) })),
        ),
      ),
    checkpoints: () =>
      lowestCheckpoints([
        ...[...pipes.values()].map((pipe) => ({ sourceArn: pipe.definition.source.arn, positions: pipe.positions })),
        ...(options.otherReaders?.() ?? []),
      ]),
    deadLetterRanges() {
      const all = [...pipes.values()].map((pipe) => [pipe.definition.source.arn, pipe.deadLetterRanges] as const);
      return new Map(all.map(([arn]) => [arn, all.filter(([other]) => other === arn).flatMap(([, ranges]) => ranges)]));
    },
  };
}

function parsedInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw validationError(parsed.error.issues[0]?.path.join('.') ?? '', 'is not valid.');
  return parsed.data;
}

function describePipe(pipe: Pipe): object {
  const { definition } = pipe;
  return {
    Arn: definition.arn,
    Name: definition.name,
    DesiredState: pipe.state === 'DELETING' ? 'DELETED' : pipe.desiredState,
    CurrentState: pipe.state,
    ...(pipe.stateReason === undefined ? {} : { StateReason: pipe.stateReason }),
    CreationTime: new Date(pipe.createdMs),
    LastModifiedTime: new Date(pipe.modifiedMs),
  };
}

function wrongState(pipe: Pipe, what: string): Error {
  return conflict(`Pipe ${pipe.definition.name} is ${pipe.state} and cannot be ${what} now.`);
}

function listPage(pipes: readonly Pipe[], input: z.infer<typeof listInput>): object {
  const matching = pipes
    .filter(({ definition, state, desiredState }) => {
      const { name, source, target } = definition;
      return (
        name.startsWith(input.NamePrefix ?? '') &&
        source.arn.startsWith(input.SourcePrefix ?? '') &&
        target.arn.startsWith(input.TargetPrefix ?? '') &&
        (input.DesiredState === undefined || input.DesiredState === desiredState) &&
        (input.CurrentState === undefined || input.CurrentState === state)
      );
    })
    .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
    .filter(({ definition }) => input.NextToken === undefined || definition.name > input.NextToken);
  const page = matching.slice(0, input.Limit ?? 100);
  const last = page.at(-1);
  return {
    Pipes: page.map((pipe) => ({
      ...describePipe(pipe),
      Source: pipe.definition.source.arn,
      Target: pipe.definition.target.arn,
      ...(pipe.definition.enrichment === undefined ? {} : { Enrichment: pipe.definition.enrichment.arn }),
    })),
    ...(last !== undefined && page.length < matching.length ? { NextToken: last.definition.name } : {}),
  };
}
