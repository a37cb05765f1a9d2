import type { IngestRecord } from './ingest-record.ts';
import { quarantine, unprovedPrefix } from './quarantine.ts';
import { raiseMark } from './raise-mark.ts';
import { settleDeletion } from './settle-deletion.ts';
import { detail, settleTweet } from './settle-tweet.ts';
import type { Surroundings } from './surroundings.ts';
import { judgeTweet, type TweetVerdict } from './tweet-evidence.ts';
import type { Extracted, ExtractedTweet, workflowExtraction } from './workflow-extraction.ts';

/** What became of a record that a pipe gave up; in a dry run, what would. */
export type RecordOutcome =
  /**
   * The tweet was never stored; it is now, and counted. If its delete notice was carried out before, it is removed
   * again.
   */
  | 'stored'
  /** The tweet was stored and is now counted for hashtags it was provably not counted for. */
  | 'counted'
  /** Nothing was left to do: a repetition, or a tweet without hashtags. */
  | 'nothing-to-do'
  /** Another record brought the same tweet. */
  | 'duplicate'
  /** The tweet followed its own delete notice; or it had no hashtags and was deleted since. */
  | 'dropped'
  /** A delete notice, carried out. */
  | 'deleted'
  /** It cannot be used; its bytes and the reason are in quarantine. */
  | 'quarantined'
  /** Whether it was counted cannot be proved; it is listed under quarantine/unproved/. */
  | 'unproved';

export interface SettledRecord {
  /** The record's position. */
  record: string;
  outcome: RecordOutcome;
  /** The tweet's id, if it has one. */
  id?: string;
  /** Why; empty when the outcome says it all. */
  detail: string;
  /** Hashtags for which nobody can tell whether the tweet was counted. */
  unproved: readonly string[];
}

export interface Settling {
  extract: Awaited<ReturnType<typeof workflowExtraction>>;
  /** Only says what would happen. */
  dryRun: boolean;
  /** When markers may go, epoch seconds. */
  markersExpireAt: number;
  /** From when on no execution can still be at work on the record, epoch milliseconds. */
  quietFromMs: number;
}

/** Settles one record for good, or throws and may be called again: whatever was done is not done twice. */
export async function settleRecord(on: Surroundings, record: IngestRecord, how: Settling): Promise<SettledRecord> {
  const extracted: Extracted =
    record.tooLarge === undefined
      ? await how.extract(record)
      : { kind: 'rejected', reason: `too-large: ${record.tooLarge}` };
  // Before anything is deleted: an execution that still holds a copy must learn that it is late.
  if (extracted.kind !== 'rejected' && !how.dryRun) await raiseMark(on, record, how.markersExpireAt);
  switch (extracted.kind) {
    case 'rejected':
      return reject(on, record, extracted.reason, how);
    case 'deletion': {
      if (how.dryRun)
        return { record: record.position, outcome: 'deleted', id: extracted.id, detail: '', unproved: [] };
      const written = await settleDeletion(on, extracted);
      if (written.end === 'invalid')
        return reject(on, record, `rejected-by-dynamodb: ${written.message.slice(0, 200)}`, how);
      if (written.end === 'refused') throw new Error('A transaction without a condition was refused by one.');
      return { record: record.position, outcome: 'deleted', id: extracted.id, detail: '', unproved: [] };
    }
    case 'tweet':
      return how.dryRun ? previewTweet(on, record, extracted) : tweet(on, record, extracted, how);
  }
}

async function reject(
  on: Surroundings,
  record: IngestRecord,
  reason: string,
  { dryRun }: Settling,
): Promise<SettledRecord> {
  if (!dryRun) await quarantine(on, record, reason);
  return { record: record.position, outcome: 'quarantined', detail: reason, unproved: [] };
}

async function tweet(
  on: Surroundings,
  record: IngestRecord,
  extracted: ExtractedTweet,
  how: Settling,
): Promise<SettledRecord> {
  const settled = await settleTweet(on, record, extracted, how);
  if (settled.end === 'rejected') return reject(on, record, settled.reason, how);
  const { verdict, unproved } = settled;
  const outcome = outcomeOf(verdict, settled);
  if (outcome === 'unproved') {
    await quarantine(on, record, unprovedReason(verdict), { prefix: unprovedPrefix, unproved });
  }
  return { record: record.position, outcome, id: extracted.id, detail: settled.detail, unproved };
}

async function previewTweet(on: Surroundings, record: IngestRecord, extracted: ExtractedTweet): Promise<SettledRecord> {
  const verdict = await judgeTweet(on, record, extracted);
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
    : 'unproved: stored before it was given up, and the watermark of its shard has passed it';
}
