import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { compileExpression } from '@tweet-pipes/local-aws/states/jsonata/expression';
import { evaluateBothWays } from '../../packages/local-aws/test/states/jsonata/both-ways.ts';
import { fillHoles as fillIngest } from './ingest-fixture.ts';
import { fillHoles as fillSentiment } from './sentiment-fixture.ts';

/** An evaluation of an expression, which gives `value`, or throws an error whose message begins with `error`. */
interface Case {
  name: string;
  /** The members of `$states` that it reads. */
  states?: Record<string, Json>;
  /** The variables that it reads. */
  variables?: Record<string, Json>;
  value?: Json;
  error?: string;
}

describe.each([
  { workflow: 'ingest', casesFolder: 'cases', fillHoles: fillIngest },
  { workflow: 'sentiment', casesFolder: 'sentiment-cases', fillHoles: fillSentiment },
])('the workflow $workflow', ({ workflow, casesFolder, fillHoles }) => {
  const expressions = new URL(`../../statemachines/${workflow}/`, import.meta.url);
  const cases = new URL(`${casesFolder}/`, import.meta.url);
  const names = globSync('*.jsonata', { cwd: expressions }).map((file) => basename(file, '.jsonata'));
  const textOf = (name: string) => readFileSync(new URL(`${name}.jsonata`, expressions), 'utf8');

  it('every expression has cases', () => {
    expect(globSync('*.json', { cwd: cases }).map((file) => basename(file, '.json'))).toEqual(names);
  });

  it.each(names)('%s has at most 40 lines', (name) => {
    expect(textOf(name).trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  describe.each(names)('%s', (name) => {
    const casesOf: Case[] = JSON.parse(readFileSync(new URL(`${name}.json`, cases), 'utf8'));
    it.each(casesOf)('$name', async ({ states = {}, variables = {}, value, error }) => {
      const environment = { nowMs: 1_790_000_000_000, random: seededRandom(1) };
      const expression = compileExpression(fillHoles(textOf(name)));
      const outcome = await expression.evaluate({ states, ...variables }, environment);
      if (error === undefined) expect(outcome).toEqual({ kind: 'value', value });
      else expect(outcome).toEqual({ kind: 'threw', message: expect.stringContaining(error) });
      const { compiled, walked } = evaluateBothWays(expression.source, { states, ...variables });
      expect(compiled).toEqual(walked);
    });
  });
});
