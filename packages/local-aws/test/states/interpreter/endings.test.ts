import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { runStates } from '../fixture.ts';
import cases from './cases/endings.json' with { type: 'json' };

interface Case {
  name: string;
  states: Record<string, unknown>;
  input?: Json;
  output?: Json;
  error?: string;
  cause?: string;
}

describe('how executions end', () => {
  it.each((cases as Case[]).map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { status, output, error, cause } = await runStates(each.states, { input: each.input ?? {} });
    const succeeds = 'output' in each;
    expect({ status, output, error, cause }).toEqual({
      status: succeeds ? 'SUCCEEDED' : 'FAILED',
      output: each.output,
      error: each.error,
      cause: each.cause,
    });
  });
});
