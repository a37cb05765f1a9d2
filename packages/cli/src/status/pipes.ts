import { DescribePipeCommand, type DescribePipeCommandOutput } from '@aws-sdk/client-pipes';
import type { Fact } from '@tweet-pipes/console/fact';
import type {
  DeadLetterStatus,
  LoggedError,
  NamedResource,
  PipeExecutions,
  PipeLagStatus,
  PipeState,
  PipeStatus,
} from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { DeadLetter } from '../recovery/dead-letter.ts';
import { peekDeadLetters, queueDepth, queueUrlOf } from '../recovery/dead-letter-look.ts';
import { factOf, knownValue, NotKnown } from './known.ts';
import { errorBefore, errorLogOfPipe, factIfAny, readLastError } from './last-error.ts';
import type { LocalFacts, LocalStanding } from './local.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';
import type { StackResources } from './resources.ts';
import type { StatusSource } from './source.ts';
import { readStreamLag } from './stream-lag.ts';

/** What the status of a pipe is read from. */
export interface PipeFacts extends Pick<StatusSource, 'clients' | 'clock'> {
  metrics: MetricReader;
  local: Fact<LocalFacts> | undefined;
  stacks: readonly StackResources[];
}

/** Reads all of a pipe. Never throws. */
export async function readPipe(pipe: NamedResource, facts: PipeFacts): Promise<PipeStatus> {
  const standing = knownValue(facts.local)?.standings.get(pipe.name);
  const described = factOf(() => facts.clients.pipes.send(new DescribePipeCommand({ Name: pipe.name })));
  const letters = factOf(async () => readDeadLetters(facts.clients, await known(described)));
  const [state, deadLetters, executions, lag] = await Promise.all([
    factOf(async () => stateOf(await known(described))),
    factOf(async () => (await known(letters)).status),
    factOf(() => readExecutions(pipe, facts.metrics)),
    factOf(async () =>
      standing === undefined
        ? readLag(pipe, facts, knownValue(await letters)?.letters ?? [])
        : localLag(standing, facts.clock.now()),
    ),
  ]);
  const retriesNow = standing?.shards.reduce((sum, { failedAttempts }) => sum + failedAttempts, 0);
  const isFailing = (retriesNow ?? 0) > 0 || (knownValue(executions)?.failed ?? 0) > 0;
  const logged = isFailing ? await lastErrorOf(knownValue(await described), facts) : undefined;
  const isOver = retriesNow === 0 && knownValue(deadLetters)?.waiting === 0;
  const lastError = isOver ? withEnd(logged, knownValue(await described)) : logged;
  return {
    ...{ ...pipe, state, lag, executions, deadLetters },
    ...(retriesNow === undefined ? {} : { retriesNow }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

function lastErrorOf(
  described: DescribePipeCommandOutput | undefined,
  facts: PipeFacts,
): ReturnType<typeof readLastError> {
  return readLastError(facts, errorLogOf(described), facts.metrics.minutes);
}

/** The error with how the pipe got past it by itself. */
function withEnd(
  error: Fact<LoggedError> | undefined,
  described: DescribePipeCommandOutput | undefined,
): Fact<LoggedError> | undefined {
  if (!error?.known) return error;
  const source = described?.SourceParameters;
  const { OnPartialBatchItemFailure } = source?.KinesisStreamParameters ?? source?.DynamoDBStreamParameters ?? {};
  const how = OnPartialBatchItemFailure === 'AUTOMATIC_BISECT' ? ', in halves where a batch failed,' : '';
  const { at, text } = error.value;
  return {
    known: true,
    value: { at, text: `${text.replace(/\.$/, '')}; handled: the pipe sent the records again${how} and went on` },
  };
}

function errorLogOf(described: DescribePipeCommandOutput | undefined): ReturnType<typeof errorLogOfPipe> {
  return errorLogOfPipe(described?.LogConfiguration?.CloudwatchLogsLogDestination?.LogGroupArn);
}

/** The value of a fact that another one is made of. Throws NotKnown. */
async function known<T>(fact: Promise<Fact<T>>): Promise<T> {
  const settled = await fact;
  if (!settled.known) throw new NotKnown(settled.why);
  return settled.value;
}

function stateOf(described: DescribePipeCommandOutput): PipeState {
  const { CurrentState: state = 'UNKNOWN', DesiredState: desired = state, StateReason: reason } = described;
  const source = described.SourceParameters;
  const { MaximumBatchingWindowInSeconds: batchWindowSeconds = 0 } =
    source?.KinesisStreamParameters ?? source?.DynamoDBStreamParameters ?? {};
  return { state, desired, batchWindowSeconds, ...(reason === undefined ? {} : { reason }) };
}

async function readDeadLetters(
  clients: AwsClients,
  described: DescribePipeCommandOutput,
): Promise<{ status: DeadLetterStatus; letters: DeadLetter[] }> {
  const { SourceParameters: source } = described;
  const parameters = source?.KinesisStreamParameters ?? source?.DynamoDBStreamParameters;
  const arn = parameters?.DeadLetterConfig?.Arn;
  if (arn === undefined) throw new NotKnown('the pipe has no dead-letter queue');
  const url = await queueUrlOf(clients, arn);
  const { visible, hidden } = await queueDepth(clients, url);
  const letters = visible === 0 ? [] : await peekDeadLetters(clients, url);
  const some = letters.map(({ condition, givenUpMs, records }) => ({
    condition,
    records,
    givenUpAt: new Date(givenUpMs).toISOString(),
  }));
  some.sort((a, b) => (a.givenUpAt < b.givenUpAt ? -1 : 1));
  const [oldest] = some;
  const error =
    oldest && (await factIfAny(() => errorBefore(clients, errorLogOf(described), Date.parse(oldest.givenUpAt))));
  const waiting = Math.max(visible, letters.length);
  return { status: { waiting, inWork: hidden, some, ...(error === undefined ? {} : { error }) }, letters };
}

async function readExecutions({ name }: NamedResource, reader: MetricReader): Promise<PipeExecutions> {
  const metrics = new ResourceMetrics(reader, 'AWS/EventBridge/Pipes', { PipeName: name });
  const ends = await metrics.sums(
    'EventCount',
    'ExecutionFailed',
    'ExecutionPartiallyFailed',
    'ExecutionTimeout',
    'ExecutionThrottled',
  );
  return {
    records: ends.EventCount,
    failed: ends.ExecutionFailed + ends.ExecutionPartiallyFailed + ends.ExecutionTimeout,
    throttled: ends.ExecutionThrottled,
  };
}

function localLag({ why, shards }: LocalStanding, nowMs: number): PipeLagStatus {
  if (why !== undefined) throw new NotKnown(why);
  const waiting = shards.flatMap(({ shardId, records, inFlight, oldestArrivalMs }) => {
    const seconds = oldestArrivalMs === undefined ? 0 : Math.max(0, (nowMs - oldestArrivalMs) / 1000);
    const all = Math.max(records, inFlight);
    return all === 0 ? [] : [{ shardId, records: all, seconds }];
  });
  return {
    records: waiting.reduce((sum, { records }) => sum + records, 0),
    isAtLeast: shards.some(({ isAtLeast }) => isAtLeast),
    seconds: Math.max(0, ...waiting.map(({ seconds }) => seconds)),
    shards: waiting,
  };
}

/** On AWS only the stream of tweets has high-water marks. */
async function readLag(
  { name }: NamedResource,
  { clients, clock, stacks }: PipeFacts,
  deadLetters: readonly DeadLetter[],
): Promise<PipeLagStatus> {
  const { TweetStreamName: streamName, ShardTableName: shardTable } =
    stacks.find(({ outputs }) => outputs.IngestPipeName === name)?.outputs ?? {};
  if (streamName === undefined || shardTable === undefined) {
    throw new NotKnown('AWS does not tell how far a pipe is behind the stream of a table');
  }
  return readStreamLag({ clients, clock, streamName, shardTable, deadLetters });
}
