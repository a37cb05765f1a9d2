import * as z from 'zod';

import { TwitterSourceError } from './errors.ts';
import type { MatchingRule } from './message.ts';
import { inWords, problemObjects } from './problem.ts';
import type { XApi } from './x-client.ts';

/** Every rule that tweet-pipes makes bears a tag that begins so; the rest of it is different in each run. */
export const tagPrefix = 'tweet-pipes:';

/** X takes more in one call than it says; this many are safe, and few calls are needed, which X limits. */
const rulesPerCall = 100;

const rule = z.looseObject({ id: z.string(), value: z.string(), tag: z.string().optional() });

/** A rule as X holds it. */
export type Rule = z.output<typeof rule>;

const listing = z.looseObject({
  data: z.array(rule).default([]),
  meta: z.looseObject({ next_token: z.string().optional() }).optional(),
});

/**
 * Every rule that X holds for the app. Throws the library's errors, and {@link TwitterSourceError} for an answer that
 * is none.
 */
export async function listRules(api: XApi): Promise<Rule[]> {
  const rules: Rule[] = [];
  let token: string | undefined;
  do {
    const answer: unknown = await api.streamRules(token === undefined ? {} : { pagination_token: token });
    const page = listing.safeParse(answer);
    if (!page.success) throw new TwitterSourceError('X answered with something else when it was asked for its rules.');
    rules.push(...page.data.data);
    token = page.data.meta?.next_token;
  } while (token !== undefined);
  return rules;
}

/**
 * Adds rules under a tag. One that X has already, whoever made it, stays as it is. Throws {@link TwitterSourceError}
 * with X's explanation when it refuses one (others may have been made by then: {@link removeRules}), else the library's
 * errors.
 */
export async function addRules(api: XApi, values: readonly string[], tag: string): Promise<void> {
  for (let start = 0; start < values.length; start += rulesPerCall) {
    const add = values.slice(start, start + rulesPerCall).map((value) => ({ value, tag }));
    const refused = problemObjects(await api.updateStreamRules({ add })).filter(
      ({ title, type = '' }) => title !== 'DuplicateRule' && !type.endsWith('/duplicate-rules'),
    );
    if (refused.length === 0) continue;
    const lines = refused.map((problem) => `  ${problem.value ?? 'one of them'}\n    ${inWords([problem])}`);
    throw new TwitterSourceError(
      `X does not take ${refused.length === 1 ? 'a rule' : 'some rules'}:\n${lines.join('\n')}\nHow rules are written: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule`,
    );
  }
}

/** Removes the rules for whose tag `isOurs` holds, and says how many. Throws the library's errors. */
export async function removeRules(api: XApi, isOurs: (tag: string) => boolean): Promise<number> {
  const ids = (await listRules(api)).filter(({ tag = '' }) => isOurs(tag)).map(({ id }) => id);
  for (let start = 0; start < ids.length; start += rulesPerCall) {
    await api.updateStreamRules({ delete: { ids: ids.slice(start, start + rulesPerCall) } });
  }
  return ids.length;
}

/** The rules that a run asked for, made by it or found. */
export class WantedRules {
  readonly #ids: ReadonlySet<string>;
  readonly #tags: ReadonlySet<string>;

  constructor(rules: readonly Rule[]) {
    this.#ids = new Set(rules.map(({ id }) => id));
    this.#tags = new Set(rules.flatMap(({ tag }) => (tag?.startsWith(tagPrefix) ? [tag] : [])));
  }

  /** Whether one of them matched. Also when X does not say which rules did. */
  matched(matching: readonly MatchingRule[]): boolean {
    const named = matching.filter(({ id, tag }) => id !== undefined || tag !== undefined);
    if (named.length === 0) return true;
    return named.some(({ id = '', tag = '' }) => this.#ids.has(id) || this.#tags.has(tag));
  }
}
