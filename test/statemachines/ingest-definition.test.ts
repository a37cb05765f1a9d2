import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { compileTemplate, type Evaluator, evaluateTemplate } from '@tweet-pipes/local-aws/states/jsonata/template';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import jsonata from 'jsonata';
import { z } from 'zod';
import { ingestDefinition } from './ingest-fixture.ts';

const startState = z.object({ Assign: z.record(z.string(), z.unknown()) });

/** The start state's expressions, which read the whole batch. */
function startExpressions(): [variable: string, source: string][] {
  const { StartAt, States } = z
    .object({ StartAt: z.string(), States: z.record(z.string(), z.unknown()) })
    .parse(ingestDefinition());
  const { Assign } = startState.parse(States[StartAt]);
  return Object.entries(Assign).flatMap(([variable, value]): [string, string][] =>
    typeof value === 'string' ? [[variable, value.trim()]] : [],
  );
}

/** `data` as a pipe parses it: JSON where it is JSON, base64 else. */
function asPipeParses(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return Buffer.from(data).toString('base64');
  }
}

describe('the ingest workflow', () => {
  it('is a definition that the runtime accepts', () => {
    expect(parseDefinition(JSON.stringify(ingestDefinition())).startAt).toBe(ingestDefinition().StartAt);
  });

  it.each(startExpressions())(
    'gets from the runtime what JSONata makes of %s, over the whole sample',
    async (_, text) => {
      const batch = [...sampleRecords({ records: 500 })].map(({ data }, index) => ({
        eventID: `shardId-000000000000:${10_000 + index}`,
        arrivedAt: 1_790_000_000.5,
        tweet: asPipeParses(data),
      }));
      const evaluator: Evaluator = {
        state: 'Start',
        enteredEventId: 2,
        bindings: { states: { input: structuredClone(batch) } },
        environment: { nowMs: 0, random: seededRandom(1) },
        isAtStart: true,
      };
      const refuse = (location: string, message: string) => {
        throw new Error(`${location}: ${message}`);
      };
      const quick = await evaluateTemplate(compileTemplate(text, 'Assign', refuse), evaluator);
      const original: unknown = await jsonata(text.slice(2, -2)).evaluate(undefined, { states: { input: batch } });
      expect(quick).toHaveProperty('tweets.length');
      expect(quick).toEqual(JSON.parse(JSON.stringify(original)));
    },
  );
});
