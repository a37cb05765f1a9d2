import {
  LARGE_OBJECTS_AT_A_TIME,
  RECORD_OBJECTS_AT_A_TIME,
  SEARCHED_AGAIN_MS,
} from '@tweet-pipes/kit/forgetting/folders';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import type { CountedByStack } from './bill.ts';
import type { Load } from './capacity.ts';
import { objectsPerSecond } from './delivered-objects.ts';
import type { Folder, ForgettingFacts } from './forgetting-facts.ts';
import { HOURS_PER_MONTH } from './month-length.ts';
import type { AppFacts } from './stack-facts.ts';
import type { Measured } from './usage.ts';

const SECONDS_PER_DAY = 24 * 3600;
const SECONDS_PER_HOUR = 3600;
const BYTES_PER_READ_UNIT = 4096;
/** What DynamoDB adds to the size of an item for storage, and not for a read. */
const INDEX_BYTES = 100;
/** What a run notes on a tombstone: `forgottenAt` and `lakeCounted`, a write each. */
const [NOTES, NOTED_BYTES] = [2, 50];
/** Objects of a page of ListObjectVersions. */
const OBJECTS_PER_PAGE = 1000;
/** Objects that a run writes about itself: the plan before and after, its progress before, between and after. */
const NOTE_OBJECTS = 5;
/** Rows that a core unpacks and searches in a second (docs/adr/0046, "Consequences"). */
const ROWS_PER_SECOND = 450_000;
/** Lambda's 15 minutes, without what a run leaves for what it has begun. */
const SECONDS_PER_INVOCATION = 780;
/** Lambda invokes a function that failed, as one whose time was over does, twice again. */
const INVOCATIONS_PER_RUN = 3;
/** X's terms: within 24 hours. */
const HOURS_TO_FORGET = 24;

/** A month of forgetting, once the lake is as old as it may become. */
export interface ForgettingMonth {
  /** What it uses, by the stack that owns it: archive, quarantine and tombstones are the core's. */
  counted: CountedByStack;
  everyHours: number;
  /** Objects that are searched after a new deletion. */
  objects: number;
  /** How long that takes, at most. */
  seconds: number;
  /** How long the job works within the 24 hours of X, at most: three invocations of 13 minutes each time. */
  secondsPerDay: number;
}

/**
 * What the job that forgets deleted tweets uses in a month at a steady rate. Objects and tombstones are as many as
 * their retention leaves. How often a record is a deletion, or cannot be used, is that of the measured records. Each
 * deleted tweet counts as if it lay in an object of its own. A search that does not fit into the time of the job is
 * billed as far as it comes. Undefined where there is no job.
 */
export function forgettingFor(measured: Measured, load: Load, facts: AppFacts): ForgettingMonth | undefined {
  const { forgetting, core, pipeline } = facts;
  if (forgetting === undefined) return undefined;
  const { stack, everyHours, memoryGigabytes, searchesArchive, retentionDays } = forgetting;
  const { deletions, records, usage } = measured;
  const deletionsPerSecond = (deletions / records) * load.recordsPerSecond;
  const deletionsPerRun = deletionsPerSecond * everyHours * SECONDS_PER_HOUR;
  const tombstones = deletionsPerSecond * pipeline.deletionRetentionDays * SECONDS_PER_DAY;
  const bytesPerTombstone = deletions === 0 ? 0 : usage.deletionBytes / deletions - INDEX_BYTES + NOTED_BYTES;
  const runs = HOURS_PER_MONTH / everyHours;

  // Without a tombstone a run lists nothing. Without a new one it reads only what came since the last run.
  const shareOfRuns = 1 - Math.exp(-deletionsPerRun);
  const rates = folderRates(measured, load, facts, forgetting);
  const folder = (name: Folder): Searched => {
    const all = deletions === 0 ? 0 : rates[name] * retentionDays[name] * SECONDS_PER_DAY;
    const recent = Math.min(all, rates[name] * (everyHours * SECONDS_PER_HOUR + SEARCHED_AGAIN_MS / 1000));
    return {
      all,
      read: shareOfRuns * all + (1 - shareOfRuns) * recent,
      lists: deletions === 0 ? 0 : Math.max(1, all / OBJECTS_PER_PAGE),
      rewritten: Math.min(all, deletionsPerRun),
    };
  };
  const [tweets, sentiment, errors] = [folder('tweets/'), folder('sentiment/'), folder('errors/')];
  const inLake = together([tweets, sentiment, errors]);
  const quarantined = folder('quarantine/');
  const archived = together(searchesArchive ? [folder('deleted/')] : []);
  const inArchive = together([quarantined, archived]);

  // A row is cut by reading its object once more; one of a tweet is read before that, to plan.
  const cuts = { reads: 2 * tweets.rewritten + sentiment.rewritten, writes: tweets.rewritten + sentiment.rewritten };
  const rowsPerDay = (sentiment.all > 0 ? 2 : 1) * load.recordsPerSecond * SECONDS_PER_DAY;
  const secondsToUnpack = deletions === 0 ? 0 : (rowsPerDay * retentionDays['tweets/']) / ROWS_PER_SECOND;
  const secondsFor = (of: 'all' | 'read') => {
    const large = inLake[of] + archived[of] + cuts.reads + cuts.writes;
    return s3Seconds() * (large / LARGE_OBJECTS_AT_A_TIME + quarantined[of] / RECORD_OBJECTS_AT_A_TIME);
  };
  const seconds = secondsFor('read') + shareOfRuns * secondsToUnpack;
  const invocations = Math.min(INVOCATIONS_PER_RUN, Math.max(1, seconds / SECONDS_PER_INVOCATION));
  // What does not fit is left to the next run, and not billed before.
  const done = runs * Math.min(1, (INVOCATIONS_PER_RUN * SECONDS_PER_INVOCATION) / seconds);
  return {
    counted: {
      [core]: {
        dynamodbReadUnits: runs * invocations * Math.max(1, (tombstones * bytesPerTombstone) / BYTES_PER_READ_UNIT),
        dynamodbWriteUnits: done * deletionsPerRun * NOTES,
        s3Reads: done * inArchive.read,
        s3Writes: done * inArchive.lists,
      },
      [stack]: {
        s3Reads: done * (inLake.read + cuts.reads),
        s3Writes: done * (inLake.lists + cuts.writes) + runs * NOTE_OBJECTS,
        lambdaRequests: runs * invocations,
        lambdaGigabyteSeconds: done * seconds * memoryGigabytes,
        schedulerInvocations: runs,
      },
    },
    everyHours,
    objects: Math.round(inLake.all + inArchive.all),
    seconds: secondsFor('all') + secondsToUnpack,
    secondsPerDay: (HOURS_TO_FORGET / everyHours) * INVOCATIONS_PER_RUN * SECONDS_PER_INVOCATION,
  };
}

/** A folder in a run. */
interface Searched {
  /** Objects that it has. */
  all: number;
  /** Objects that are read, on average. */
  read: number;
  /** Pages of the list. */
  lists: number;
  /** Objects that hold a tweet which was deleted since the last run, at most. */
  rewritten: number;
}

type Objects = Pick<Searched, 'all' | 'read' | 'lists'>;

function together(folders: readonly Objects[]): Objects {
  const sum = (of: (folder: Objects) => number) => folders.reduce((total, folder) => total + of(folder), 0);
  return { all: sum(({ all }) => all), read: sum(({ read }) => read), lists: sum(({ lists }) => lists) };
}

/** Objects that come in a second, by folder. */
function folderRates(
  { usage, records }: Measured,
  load: Load,
  { core, stacks }: AppFacts,
  { stack }: ForgettingFacts,
): Record<Folder, number> {
  const delivered = (owner: string, place: number) => {
    const delivery = stacks[owner]?.deliveries[place];
    return delivery === undefined ? 0 : Math.min(load.recordsPerSecond, objectsPerSecond(delivery, load));
  };
  // What the core puts into S3 beside Firehose's objects are quarantined records.
  const { s3Writes = 0, s3DeliveredObjects = 0 } = usage.units[core] ?? {};
  const quarantined = (Math.max(0, s3Writes - s3DeliveredObjects) / records) * load.recordsPerSecond;
  return {
    'tweets/': delivered(stack, 0),
    'sentiment/': delivered(stack, 1),
    'errors/': Math.min(quarantined, delivered(stack, 0)),
    'quarantine/': quarantined,
    'deleted/': delivered(core, 0),
  };
}

/** How long a request to S3 takes, as with --like-aws. */
function s3Seconds(): number {
  return (paceTable().calls['s3.PutObject']?.p50Ms ?? 0) / 1000;
}
