import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { compileTemplate, evaluateTemplate } from '@tweet-pipes/local-aws/states/jsonata/template';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import jsonata from 'jsonata';
import { z } from 'zod';
import { asPipeParses } from './delivered-data.ts';
import { ingestDefinition } from './ingest-fixture.ts';

const reading = z.object({
  ReadRecords: z.object({ Assign: z.object({ read: z.string() }) }),
  CheckRecords: z.object({ Output: z.string() }),
});
const readBatch = z
  .object({ States: z.object({ ReadBatch: z.object({ ItemProcessor: z.object({ States: reading }) }) }) })
  .parse(ingestDefinition()).States.ReadBatch.ItemProcessor.States;

/** What the runtime makes of an expression. */
function byRuntime(text: string, bindings: Record<string, Json>): Promise<Json> {
  const refuse = (location: string, message: string) => {
    throw new Error(`${location}: ${message}`);
  };
  return evaluateTemplate(compileTemplate(text, 'Output', refuse), {
    state: 'S',
    enteredEventId: 2,
    bindings: structuredClone(bindings),
    environment: { nowMs: 0, random: seededRandom(1) },
    isAtStart: true,
  });
}

/** What JSONata makes of it. */
async function byLibrary(text: string, bindings: Record<string, Json>): Promise<Json> {
  const expression = jsonata(text.slice(2, -2));
  expression.registerFunction('partition', (items: Json[], size: number) =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size)),
  );
  const value: unknown = await expression.evaluate(undefined, structuredClone(bindings));
  return JSON.parse(JSON.stringify(value));
}

describe('the ingest workflow', () => {
  it('is a definition that the runtime accepts', () => {
    expect(parseDefinition(JSON.stringify(ingestDefinition())).startAt).toBe(ingestDefinition().StartAt);
  });

  it('gets from the runtime what JSONata makes of the whole sample', async () => {
    const Input: Json = [...sampleRecords({ records: 500 })].map(({ data }, index) => ({
      eventID: `shardId-000000000000:${10_000 + index}`,
      arrivedAt: 1_790_000_000.5,
      tweet: asPipeParses(data),
    }));
    for (let part = 0; part * 40 < Input.length; part += 1) {
      const states = { input: part, context: { Execution: { Input } } };
      const read = await byRuntime(readBatch.ReadRecords.Assign.read, { states });
      expect(read).toEqual(await byLibrary(readBatch.ReadRecords.Assign.read, { states }));
      const checked = await byRuntime(readBatch.CheckRecords.Output, { read });
      expect(checked).toEqual(await byLibrary(readBatch.CheckRecords.Output, { read }));
      expect(checked).toHaveProperty('tweets.0.content.text');
    }
  });
});
