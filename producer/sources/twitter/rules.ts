import * as z from 'zod';

import { TwitterSourceError } from './errors.ts';
import type { MatchingRule } from './message.ts';
import { inWords, problemObjects } from './problem.ts';
import type { XApi } from './x-client.ts';

/** Prefix of the tag of every rule that tweet-pipes adds. The rest of the tag is unique to the run. */
export const tagPrefix = 'tweet-pipes:';

/** A number that X accepts in one call; it limits the rate of calls. */
const rulesPerCall = 100;

const rule = z.looseObject({ id: z.string(), value: z.string(), tag: z.string().optional() });

/** A rule as X holds it. */
export type Rule = z.output<typeof rule>;

const listing = z.looseObject({
  data: z.array(rule).default([]),
  meta: z.looseObject({ next_token: z.string().optional() }).optional(),
});

/** All rules of the app. Throws the library's errors, and {@link TwitterSourceError} for an invalid answer. */
export async function listRules(api: XApi): Promise<Rule[]> {
  const rules: Rule[] = [];
  let token: string | undefined;
  do {
    const answer: unknown = await api.streamRules(token === undefined ? {} : { pagination_token: token });
    const page = listing.safeParse(answer);
    if (!page.success) throw new TwitterSourceError('X gave an unexpected answer to the request for its rules.');
    rules.push(...page.data.data);
    token = page.data.meta?.next_token;
  } while (token !== undefined);
  return rules;
}

/**
 * Adds rules under a tag. A rule that X holds already stays unchanged. Throws {@link TwitterSourceError} with X's
 * explanation if it refuses one (others may have been added then: {@link removeRules}), else the library's errors.
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
      `X refuses ${refused.length === 1 ? 'a rule' : 'some rules'}:\n${lines.join('\n')}\nHow rules are written: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule`,
    );
  }
}

/** Removes the rules whose tag `isOurs` accepts, and returns their number. Throws the library's errors. */
export async function removeRules(api: XApi, isOurs: (tag: string) => boolean): Promise<number> {
  const ids = (await listRules(api)).filter(({ tag = '' }) => isOurs(tag)).map(({ id }) => id);
  for (let start = 0; start < ids.length; start += rulesPerCall) {
    await api.updateStreamRules({ delete: { ids: ids.slice(start, start + rulesPerCall) } });
  }
  return ids.length;
}

/** The rules that a run asked for, whether it added or found them. */
export class WantedRules {
  readonly #ids: ReadonlySet<string>;
  readonly #tags: ReadonlySet<string>;

  constructor(rules: readonly Rule[]) {
    this.#ids = new Set(rules.map(({ id }) => id));
    this.#tags = new Set(rules.flatMap(({ tag }) => (tag?.startsWith(tagPrefix) ? [tag] : [])));
  }

  /** Whether one of them matched; true if X does not name the rules that did. */
  matched(matching: readonly MatchingRule[]): boolean {
    const named = matching.filter(({ id, tag }) => id !== undefined || tag !== undefined);
    if (named.length === 0) return true;
    return named.some(({ id = '', tag = '' }) => this.#ids.has(id) || this.#tags.has(tag));
  }
}
