import { advanceHighWaterMark } from './advance-high-water-mark.ts';
import type { RecoveryContext } from './context.ts';
import type { IngestRecord } from './ingest-record.ts';
import { quarantine, unprovedPrefix } from './quarantine.ts';
import { settleDeletion } from './settle-deletion.ts';
import { detail, settleTweet } from './settle-tweet.ts';
import { judgeTweet, type TweetVerdict } from './tweet-evidence.ts';
import type { Extracted, ExtractedTweet, workflowExtraction } from './workflow-extraction.ts';

/** How a record that a pipe gave up was settled; in a dry run, how it would be. */
export type RecordOutcome =
  /**
   * The tweet was never stored. It is stored and counted now, and removed again if its delete notice was carried out
   * before.
   */
  | 'stored'
  /** The tweet was stored before, and is counted now for the hashtags for which it was provably not counted. */
  | 'counted'
  /** Nothing was left to do: an earlier redrive settled it, or it is a stored tweet without hashtags. */
  | 'nothing-to-do'
  /** Another record with the same id was stored. */
  | 'duplicate'
  /** The tweet came after its own delete notice, or it had no hashtags and was deleted since. */
  | 'dropped'
  /** A delete notice, carried out. */
  | 'deleted'
  /** It cannot be used. Its bytes and the reason are in quarantine. */
  | 'quarantined'
  /** It cannot be proved whether the tweet was counted. It is reported under quarantine/unproved/. */
  | 'unproved';

export interface SettledRecord {
  /** The record's position. */
  record: string;
  outcome: RecordOutcome;
  /** The tweet's id, if it has one. */
  id?: string;
  /** The reason; empty where the outcome needs none. */
  detail: string;
  /** Hashtags for which it cannot be proved whether the tweet was counted. */
  unproved: readonly string[];
}

export interface Settling {
  extract: Awaited<ReturnType<typeof workflowExtraction>>;
  /** Reports what would happen, and changes nothing. */
  dryRun: boolean;
  /** When markers expire, epoch seconds. */
  markersExpireAt: number;
  /** From then on no execution can still be processing the record; epoch milliseconds. */
  quietFromMs: number;
}

/** Settles one record, or throws. Idempotent: after an error it may be called again. */
export async function settleRecord(
  context: RecoveryContext,
  record: IngestRecord,
  how: Settling,
): Promise<SettledRecord> {
  const extracted: Extracted =
    record.tooLarge === undefined
      ? await how.extract(record)
      : { kind: 'rejected', reason: `too-large: ${record.tooLarge}` };
  // Before anything is deleted: an execution that still processes the record must see that it is late.
  if (extracted.kind !== 'rejected' && !how.dryRun) await advanceHighWaterMark(context, record, how.markersExpireAt);
  switch (extracted.kind) {
    case 'rejected':
      return reject(context, record, extracted.reason, how);
    case 'deletion': {
      if (how.dryRun)
        return { record: record.position, outcome: 'deleted', id: extracted.id, detail: '', unproved: [] };
      const written = await settleDeletion(context, extracted);
      if (written.end === 'invalid')
        return reject(context, record, `rejected-by-dynamodb: ${written.message.slice(0, 200)}`, how);
      if (written.end === 'refused') throw new Error('A transaction without a condition was refused by one.');
      return { record: record.position, outcome: 'deleted', id: extracted.id, detail: '', unproved: [] };
    }
    case 'tweet':
      return how.dryRun ? previewTweet(context, record, extracted) : tweet(context, record, extracted, how);
  }
}

async function reject(
  context: RecoveryContext,
  record: IngestRecord,
  reason: string,
  { dryRun }: Settling,
): Promise<SettledRecord> {
  if (!dryRun) await quarantine(context, record, reason);
  return { record: record.position, outcome: 'quarantined', detail: reason, unproved: [] };
}

async function tweet(
  context: RecoveryContext,
  record: IngestRecord,
  extracted: ExtractedTweet,
  how: Settling,
): Promise<SettledRecord> {
  const settled = await settleTweet(context, record, extracted, how);
  if (settled.end === 'rejected') return reject(context, record, settled.reason, how);
  const { verdict, unproved } = settled;
  const outcome = outcomeOf(verdict, settled);
  if (outcome === 'unproved') {
    await quarantine(context, record, unprovedReason(verdict), { prefix: unprovedPrefix, unproved });
  }
  return { record: record.position, outcome, id: extracted.id, detail: settled.detail, unproved };
}

async function previewTweet(
  context: RecoveryContext,
  record: IngestRecord,
  extracted: ExtractedTweet,
): Promise<SettledRecord> {
  const verdict = await judgeTweet(context, record, extracted);
  const sides = sidesOf(verdict, extracted);
  return {
    record: record.position,
    outcome: outcomeOf(verdict.verdict, sides),
    id: extracted.id,
    detail: detail(verdict),
    unproved: sides.unproved,
  };
}

function sidesOf(verdict: TweetVerdict, { hashtags }: ExtractedTweet): { counted: string[]; unproved: string[] } {
  switch (verdict.verdict) {
    case 'new':
    case 'overtaken':
      return { counted: hashtags, unproved: [] };
    case 'taken-on':
      return verdict.marker;
    case 'stored':
    case 'stored-and-deleted':
      return { counted: verdict.uncounted, unproved: verdict.unproved };
    case 'deleted-since':
      return { counted: [], unproved: hashtags };
    case 'duplicate':
    case 'after-its-deletion':
      return { counted: [], unproved: [] };
  }
}

function outcomeOf(verdict: TweetVerdict['verdict'], sides: { counted: string[]; unproved: string[] }): RecordOutcome {
  if (sides.unproved.length > 0) return 'unproved';
  switch (verdict) {
    case 'new':
    case 'overtaken':
      return 'stored';
    case 'stored':
    case 'stored-and-deleted':
      return sides.counted.length > 0 ? 'counted' : 'nothing-to-do';
    case 'taken-on':
      return 'nothing-to-do';
    case 'duplicate':
      return 'duplicate';
    case 'after-its-deletion':
    case 'deleted-since':
      return 'dropped';
  }
}

function unprovedReason(verdict: TweetVerdict['verdict']): string {
  return verdict === 'deleted-since'
    ? 'unproved: its delete notice was carried out before it; not stored, and not counted for this record'
    : 'unproved: stored before it was given up, and at or below the high-water mark of its shard';
}
