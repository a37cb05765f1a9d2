import type { Shard } from '@aws-sdk/client-kinesis';
import type { Journey } from '@tweet-pipes/console/journey';
import { parsePosition } from '@tweet-pipes/kit/position';
import { redelivery } from '@tweet-pipes/local-aws/pipes/redelivery';
import { type DescribedPipe, describePipe } from '../recovery/pipe.ts';
import { workflowExtraction } from '../recovery/workflow-extraction.ts';
import { readHighWaterMarks } from '../stack/high-water-marks.ts';
import { listShards } from '../stack/list-shards.ts';
import { Search, type TraceContext } from './context.ts';
import { findExecutions } from './executions.ts';
import type { Findings, FoundRecord, PipeState, StoredItem, Tombstone } from './findings.ts';
import { findGivenUp, withErrors } from './given-up.ts';
import { findCounters, findRedrives, findStored, findTombstone } from './items.ts';
import { journeyOf } from './journey.ts';
import { findQuarantined } from './objects.ts';
import { findArchived, findLakeRows } from './rows.ts';
import { findRecords, type Reading } from './stream-records.ts';

/**
 * Everything that stores and logs know about one tweet. What cannot be read is in `notKnown`, and does not end the
 * trace. Changes nothing.
 */
export async function traceTweet(context: TraceContext, id: string): Promise<Journey> {
  return journeyOf(await findAll(context, id));
}

const hourMs = 3_600_000;

async function findAll(context: TraceContext, id: string): Promise<Findings> {
  const { clients, stack } = context;
  const search = new Search();
  const extract = await search.in('workflow', 'what the workflow makes of records', undefined, () =>
    workflowExtraction(context, stack.WorkflowArn),
  );
  const retention = await search.in('workflow', 'when it arrived', undefined, () => retentionOf(extract, context));
  const stream = `stream ${stack.TweetStreamName}`;
  const [stored, tombstone, shards, pipe] = await Promise.all([
    search.in(`table ${stack.TweetTableName}`, 'the item', undefined, () => findStored(context, id, retention)),
    search.in(`table ${stack.DeletionTableName}`, 'the tombstone', undefined, () => findTombstone(context, id)),
    search.in<Shard[]>(stream, 'shards', [], () => listShards(clients, stack.TweetStreamName)),
    search.in(`pipe ${stack.IngestPipeName}`, 'the pipe', undefined, () => describePipe(clients, stack.IngestPipeName)),
  ]);
  const keeps = await search.in<Reading['keeps']>(
    `pipe ${stack.IngestPipeName}`,
    'its filter',
    () => true,
    async () => (pipe === undefined ? () => true : redelivery(pipe.delivery, context).filter),
  );
  const records =
    extract === undefined
      ? []
      : await search.in<FoundRecord[]>(stream, 'records', [], () =>
          findRecords(context, id, shards, { extract, keeps }),
        );
  const first = { ...optional({ stored, tombstone }), records };
  const known = positionsOf(first, []);
  const [highWaterMarks, deadLetters] = await Promise.all([
    search.in<ReadonlyMap<string, string>>(`table ${stack.ShardTableName}`, 'high-water marks', new Map(), () =>
      readHighWaterMarks(clients, stack.ShardTableName, shardsOf(known)),
    ),
    search.in<Findings['givenUp']>('dead letters', 'dead letters', [], async () =>
      pipe === undefined ? [] : findGivenUp(context, pipe, known),
    ),
  ]);
  const givenUp =
    pipe === undefined || deadLetters.length === 0
      ? deadLetters
      : await search.in<Findings['givenUp']>('log of the pipe', 'why the pipe gave it up', deadLetters, () =>
          withErrors(context, pipe, deadLetters),
        );
  const leftMs = leftSinceMs({ ...first, highWaterMarks, givenUp }, context);
  const archived =
    leftMs === undefined
      ? []
      : await search.in<Findings['archived']>('archive', 'its archive rows', [], () =>
          findArchived(context, id, leftMs.from, leftMs.to),
        );
  const positions = positionsOf(first, archived);
  const [quarantined, redrives, lakeRows, executions] = await Promise.all([
    search.in<Findings['quarantined']>('quarantine', 'quarantined records', [], () =>
      findQuarantined(clients, stack.ArchiveBucketName, positions),
    ),
    search.in<Findings['redrives']>(`table ${stack.DeletionTableName}`, 'redrives', [], () =>
      findRedrives(context, positions),
    ),
    context.lakeBucket === undefined
      ? []
      : search.in<Findings['lakeRows']>(`lake ${context.lakeBucket}`, 'rows of the lake', [], () =>
          findLakeRows(context, id, arrivalsOf(first)),
        ),
    search.in<Findings['executions']>('log of the workflow', 'executions that saw it', [], () =>
      findExecutions(context, id, carriersOf(positions, first), search),
    ),
  ]);
  const owner = stored?.position ?? (tombstone?.tweetPosition || archived[0]?.position);
  const hashtags = stored?.hashtags ?? records.find(({ position }) => position === owner)?.hashtags ?? [];
  const counters =
    owner === undefined || owner === ''
      ? []
      : await search.in<Findings['counters']>(`table ${stack.HashtagTableName}`, 'counters', [], () =>
          findCounters(context, hashtags, {
            position: owner,
            redrives,
            isShardListed: shards.some(({ ShardId }) => ShardId === parsePosition(owner)?.shardId),
          }),
        );
  const found = { quarantined, redrives, lakeRows, executions, counters, archived, highWaterMarks, givenUp };
  const state = pipe === undefined ? {} : { pipe: stateOf(pipe) };
  return { id, ...first, ...state, ...found, notKnown: search.notKnown, looked: [...new Set(search.looked)] };
}

function stateOf({ name, state, stateReason: reason }: DescribedPipe): PipeState {
  return { name, state, ...(reason === undefined ? {} : { reason }) };
}

/** What is found first: item, tombstone, records. */
type First = Pick<Findings, 'stored' | 'tombstone' | 'records'>;

function optional({ stored, tombstone }: { stored: StoredItem | undefined; tombstone: Tombstone | undefined }) {
  return { ...(stored === undefined ? {} : { stored }), ...(tombstone === undefined ? {} : { tombstone }) };
}

/**
 * When a tweet that is not stored can have left the table. Undefined for one that is stored or never was, as far as the
 * first findings tell. Firehose delivers a row within a quarter of an hour.
 */
function leftSinceMs(
  found: First & Pick<Findings, 'highWaterMarks' | 'givenUp'>,
  { clock }: TraceContext,
): { from: number; to: number } | undefined {
  const { stored, tombstone, records, highWaterMarks, givenUp } = found;
  if (stored !== undefined || tombstone?.tweetPosition === '') return undefined;
  if (tombstone !== undefined) return { from: tombstone.deletedMs, to: tombstone.deletedMs + hourMs };
  const processed = records.find(
    ({ kind, position }) =>
      kind === 'tweet' &&
      (highWaterMarks.get(shardsOf([position])[0] ?? '') ?? '') >= position &&
      !givenUp.some((each) => each.position === position),
  );
  return processed === undefined ? undefined : { from: processed.arrivedMs, to: clock.now() };
}

type Extraction = Awaited<ReturnType<typeof workflowExtraction>>;

/** Seconds that the table keeps a tweet, by the workflow's own reckoning. */
async function retentionOf(extract: Extraction | undefined, { clock }: TraceContext): Promise<number | undefined> {
  const arrivedAt = Math.floor(clock.now() / 1000);
  const extracted = await extract?.({ eventId: 'trace:0', arrivedAt, tweet: { id_str: 'trace' } });
  return extracted?.kind === 'tweet' ? extracted.expiresAt - arrivedAt : undefined;
}

function positionsOf({ stored, tombstone, records }: First, archived: Findings['archived']): string[] {
  const all = [
    stored?.position,
    tombstone?.position,
    tombstone?.tweetPosition,
    ...records.map(({ position }) => position),
    ...archived.map(({ position }) => position),
  ];
  return [...new Set(all.flatMap((each) => (parsePosition(each ?? '') === undefined ? [] : [each ?? ''])))];
}

function shardsOf(positions: readonly string[]): string[] {
  return [...new Set(positions.flatMap((position) => parsePosition(position)?.shardId ?? []))];
}

function arrivalsOf({ stored, tombstone, records }: First): number[] {
  const all = [stored?.arrivedMs, tombstone?.deletedMs, ...records.map(({ arrivedMs }) => arrivedMs)];
  return all.filter((each) => each !== undefined);
}

/** Each record with its arrival, as far as that is known. */
function carriersOf(positions: readonly string[], { stored, tombstone, records }: First) {
  const arrivals = new Map<string, number | undefined>([
    [tombstone?.position ?? '', tombstone?.deletedMs],
    [stored?.position ?? '', stored?.arrivedMs],
    ...records.map(({ position, arrivedMs }) => [position, arrivedMs] as const),
  ]);
  return positions.map((position) => {
    const arrivedMs = arrivals.get(position);
    return { position, ...(arrivedMs === undefined ? {} : { arrivedMs }) };
  });
}
