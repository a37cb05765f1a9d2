import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { runStates } from '../fixture.ts';
import cases from './cases/query-language-runs.json' with { type: 'json' };

interface Case {
  name: string;
  /** The language of the whole machine; without it the definition names none. */
  machine?: string;
  states: Record<string, unknown>;
  input: Json;
  output: Json;
}

describe('QueryLanguage', () => {
  it.each((cases as Case[]).map((each) => [each.name, each] as const))('runs %s', async (_, each) => {
    const { input, machine } = each;
    const result = await runStates(each.states, { input, members: { QueryLanguage: machine } });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: each.output });
  });
});
