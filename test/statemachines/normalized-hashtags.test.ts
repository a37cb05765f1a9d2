import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { compileExpression } from '@tweet-pipes/local-aws/states/jsonata/expression';
import fc from 'fast-check';
import { fillHoles } from './ingest-fixture.ts';

const [words, spellings] = ['words-to-normalize', 'normalized-words'].map((name) =>
  compileExpression(
    fillHoles(readFileSync(new URL(`../../statemachines/ingest/${name}.jsonata`, import.meta.url), 'utf8')),
  ),
);

async function evaluate(expression: typeof words, bindings: Record<string, Json>): Promise<Json> {
  const outcome = await expression?.evaluate(bindings, { nowMs: 0, random: seededRandom(1) });
  if (outcome?.kind !== 'value') throw new Error(JSON.stringify(outcome));
  return outcome.value ?? null;
}

/** What the workflow makes of hashtags that it has brought to lower case. */
async function normalized(hashtags: string[]): Promise<string[]> {
  const lists = await evaluate(words, { batch: { tweets: { 0: { hashtags } } } });
  const found = new Map<unknown, unknown>();
  for (const input of Array.isArray(lists) ? lists : []) {
    const changed = await evaluate(spellings, { states: { input } });
    for (const entry of Array.isArray(changed) ? changed : []) {
      if (entry !== null && typeof entry === 'object' && 'word' in entry) found.set(entry.word, entry.spelling);
    }
  }
  return hashtags.map((word) => String(found.get(word) ?? word));
}

/** The first 65,536 characters that normalization may change, and of Korean syllables a sample. */
const special = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  .filter((letter) => letter.isWellFormed() && !(letter > '\uac38' && letter <= '\ud7a3'))
  .filter((letter) => letter.normalize('NFKD') !== letter || /[\p{M}\u1100-\u11ff]/u.test(letter));

describe('the spelling of a hashtag in the workflow is that of foldHashtag', () => {
  it('for every character alone, behind a letter, and below marks', async () => {
    const each = special.flatMap((letter) => [letter, `x${letter}`, `${letter}\u0302\u0323`]);
    for (let start = 0; start < each.length; start += 1000) {
      const some = each.slice(start, start + 1000).map((word) => word.toLowerCase());
      expect(await normalized(some)).toEqual(some.map(foldHashtag));
    }
  }, 60_000);

  it('for any text', async () => {
    const letter = fc.oneof(
      fc.constantFrom(...special),
      fc.constantFrom(...'aeouAEOUかカ가각ᄀ각ﾞ\u0301\u0323\u0302\u0345\u3099\n'),
      fc.constantFrom('\u{1d41a}', '\u{11131}', '\u{11127}', '\u{2f800}'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    const word = fc.array(letter, { minLength: 1, maxLength: 10 }).map((letters) => letters.join(''));
    const property = fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 40 }), async (words) => {
      const some = words.map((text) => text.toLowerCase());
      expect(await normalized(some)).toEqual(some.map(foldHashtag));
    });
    await fc.assert(property, { numRuns: 30 });
  }, 60_000);
});
