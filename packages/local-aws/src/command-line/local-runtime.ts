import { parseJson } from '@tweet-pipes/kit/json';
import * as z from 'zod';
import { readOwner } from '../data-folder-owner.ts';

/** A local runtime that runs in another process. */
export interface LocalRuntime {
  /** Absolute. Undefined when the runtime does not tell it. */
  dataFolder?: string;
  /** Undefined when its data folder does not tell it. */
  processId?: number;
}

/** A runtime answers at once. */
const answerWithinMs = 2_000;

const health = z.object({ status: z.enum(['starting', 'ready', 'degraded', 'failed', 'stopping']) });
const status = z.object({ dataFolder: z.string() });

/**
 * Asks whether a local runtime answers at an endpoint (`http://127.0.0.1:4566`), and what it says of itself. Undefined
 * when anything else is there, or nothing.
 */
export async function localRuntimeAt(endpoint: string): Promise<LocalRuntime | undefined> {
  if (!health.safeParse(await answerOf(`${endpoint}/_health`)).success) return undefined;
  const { data: told } = status.safeParse(await answerOf(`${endpoint}/_status`));
  if (told === undefined) return {};
  const { dataFolder } = told;
  const owner = await readOwner(dataFolder);
  return owner === undefined ? { dataFolder } : { dataFolder, processId: owner.processId };
}

async function answerOf(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs), redirect: 'error' });
    return parseJson(await answer.text());
  } catch {
    return undefined; // Something else answers there, or nothing does.
  }
}
