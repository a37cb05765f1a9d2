import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { QuarantineStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { atATime } from '../verification/at-a-time.ts';

const prefix = 'quarantine/';
/** Keys that are listed: ten calls. */
const mostListed = 10_000;
/** Objects whose reason is read. */
const mostRead = 100;
const dayMs = 86_400_000;

/** Remembers reasons by key and ETag, so that another look reads new objects only. */
export type KnownReasons = Map<string, string>;

interface Listed {
  key: string;
  tag: string;
  atMs: number;
}

/** Reads what lies in quarantine, and why. Throws the SDK's error. */
export async function readQuarantine(
  { clients, clock }: { clients: AwsClients; clock: Clock },
  bucket: string,
  { minutes, known }: { minutes: number; known: KnownReasons },
): Promise<QuarantineStatus> {
  const { listed, isAtLeast } = await list(clients, bucket);
  listed.sort((a, b) => b.atMs - a.atMs);
  const sinceMs = (spanMs: number) => listed.filter(({ atMs }) => atMs >= clock.now() - spanMs);
  const isIn = (folder: string) => (object: Listed) => object.key.startsWith(`${prefix}${folder}/`);
  const recent = sinceMs(minutes * 60_000).length;
  const reasons = await atATime(8, listed.slice(0, mostRead), (object) => reasonOf(clients, bucket, object, known));
  const [newest] = listed;
  return {
    objects: listed.length,
    isAtLeast,
    ...(newest === undefined ? {} : { newestAt: new Date(newest.atMs).toISOString() }),
    recent,
    // The newest come first.
    recentReasons: tally(reasons.slice(0, recent)),
    reasons: tally(reasons),
    read: reasons.length,
    outOfOrder: sinceMs(dayMs).filter(isIn('out-of-order')).length,
    unproved: sinceMs(dayMs).filter(isIn('unproved')).length,
  };
}

async function list({ s3 }: AwsClients, Bucket: string): Promise<{ listed: Listed[]; isAtLeast: boolean }> {
  const listed: Listed[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
    for (const { Key: key = '', ETag, LastModified } of Contents) {
      listed.push({ key, tag: `${key} ${ETag}`, atMs: LastModified?.getTime() ?? 0 });
    }
    if (listed.length >= mostListed) return { listed, isAtLeast: true };
  }
  return { listed, isAtLeast: false };
}

/** The reason without what is special to the record: `wrong-type` of `wrong-type: text`. */
async function reasonOf({ s3 }: AwsClients, Bucket: string, { key, tag }: Listed, known: KnownReasons) {
  const remembered = known.get(tag);
  if (remembered !== undefined) return remembered;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
  const [, reason = 'unreadable'] = /"reason":\s*"([^":\\]*)/.exec((await Body?.transformToString()) ?? '') ?? [];
  known.set(tag, reason);
  return reason;
}

function tally(reasons: readonly string[]): { reason: string; objects: number }[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, objects]) => ({ reason, objects })).sort((a, b) => b.objects - a.objects);
}
