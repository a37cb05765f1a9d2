import * as z from 'zod';

import { inWords, type Problem, problemObjects, problemOfObjects } from './problem.ts';

/** X's reference to a rule that a post matched. */
export interface MatchingRule {
  id?: string | undefined;
  tag?: string | undefined;
}

/**
 * One message of the stream: a post in its envelope, a keep-alive, the reason why X is about to close the connection,
 * or anything else: clients must expect new kinds of messages
 * (https://docs.x.com/x-api/fundamentals/consuming-streaming-data).
 */
export type Message =
  | { kind: 'post'; matchingRules: readonly MatchingRule[] }
  | { kind: 'keep-alive' }
  | { kind: 'trouble'; problem: Problem }
  | { kind: 'other' };

const post = z.looseObject({
  data: z.looseObject({ id: z.string() }),
  matching_rules: z
    .array(
      z.looseObject({
        // JSON parsers round numbers of this size, so a numeric id is useless.
        id: z.string().optional().catch(undefined),
        tag: z.string().optional().catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
});

/** Classifies a message. A post may have `errors` too, about a referenced post that is gone. */
export function readMessage(bytes: Uint8Array): Message {
  if (bytes.length === 0) return { kind: 'keep-alive' };
  const value = parse(bytes);
  const asPost = post.safeParse(value);
  if (asPost.success) return { kind: 'post', matchingRules: asPost.data.matching_rules ?? [] };
  const objects = problemObjects(value);
  if (objects.length === 0) return { kind: 'other' };
  const words = inWords(objects);
  return {
    kind: 'trouble',
    problem: problemOfObjects(objects, words) ?? { kind: 'network', reason: `X ended the connection (${words})` },
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
