import type { Problem } from '@tweet-pipes/console/fact';
import type { LocalStatus } from '@tweet-pipes/console/status';
import * as z from 'zod';
import { NotKnown } from './known.ts';

const health = z.object({
  status: z.enum(['starting', 'ready', 'degraded', 'failed', 'stopping']),
  why: z.string().optional(),
  problems: z.array(z.object({ what: z.string(), why: z.string(), do: z.string() })).default([]),
});

const standing = z.object({
  name: z.string(),
  why: z.string().optional(),
  shards: z
    .array(
      z.object({
        shardId: z.string(),
        records: z.number(),
        isAtLeast: z.boolean(),
        oldestArrivalMs: z.number().optional(),
        inFlight: z.number(),
        failedAttempts: z.number(),
      }),
    )
    .default([]),
});

const denial = z.object({
  who: z.string(),
  roleName: z.string().optional(),
  action: z.string(),
  resource: z.string(),
  sentence: z.string(),
  isExplicit: z.boolean(),
  count: z.number(),
  lastAt: z.string(),
});

const local = z.object({
  dataFolder: z.string(),
  freeBytes: z.number(),
  faults: z.record(z.string(), z.number()),
  denials: z.array(denial).default([]),
  pipes: z.array(standing),
});

/** How far a pipe is, by the local runtime. */
export type LocalStanding = z.output<typeof standing>;

/** What the local runtime tells of itself, and of its pipes by their names. */
export interface LocalFacts extends LocalStatus {
  readonly standings: ReadonlyMap<string, LocalStanding>;
}

const longestWaitMs = 5_000;

/**
 * Asks the local runtime at an endpoint. Throws NotKnown when another program answers there, and the error of the
 * connection.
 */
export async function readLocal(endpoint: string): Promise<LocalFacts> {
  const [{ status, why, problems }, { pipes, ...rest }] = await Promise.all([
    ask(endpoint, '/_health', health),
    ask(endpoint, '/_status', local),
  ]);
  return {
    health: status,
    problems: status === 'failed' ? [failure(why), ...problems] : problems,
    ...rest,
    standings: new Map(pipes.map((pipe) => [pipe.name, pipe])),
  };
}

function failure(why = 'an engine ended'): Problem {
  return { what: 'local runtime', why, do: 'Nothing works until it is started again.' };
}

async function ask<T>(endpoint: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(new URL(path, endpoint), { signal: AbortSignal.timeout(longestWaitMs) });
  const parsed = schema.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) throw new NotKnown(`${endpoint} is not the local runtime of tweet-pipes: it has no ${path}`);
  return parsed.data;
}
