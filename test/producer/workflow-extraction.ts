import { seededRandom } from '@tweet-pipes/kit/random';
import { compileExpression, type Expression } from '@tweet-pipes/local-aws/states/jsonata/expression';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import * as z from 'zod';
import { readWorkflow } from '../../infra/workflow-definition.ts';
import { asPipeParses } from '../statemachines/delivered-data.ts';

const extraction = z.object({
  tweets: z.array(
    z
      .looseObject({ content: z.record(z.string(), z.unknown()) })
      .transform(({ content, ...tweet }): Record<string, unknown> => ({ ...content, ...tweet })),
  ),
  deletions: z.array(z.object({ index: z.number(), id: z.string() })),
  rejected: z.array(z.object({ index: z.number(), reason: z.string() })),
});
const reading = z.object({
  ReadRecords: z.object({ Assign: z.object({ read: z.string() }) }),
  CheckRecords: z.object({ Output: z.string() }),
});
const { ReadRecords, CheckRecords } = z
  .object({ States: z.object({ ReadBatch: z.object({ ItemProcessor: z.object({ States: reading }) }) }) })
  .parse(readWorkflow('ingest')).States.ReadBatch.ItemProcessor.States;
const [readRecords, checkRecords] = [compile(ReadRecords.Assign.read), compile(CheckRecords.Output)];

/** What the workflow extracts from a record. The pipe parses JSON and leaves the rest as base64. */
export async function extract(record: StreamRecord): Promise<z.output<typeof extraction>> {
  const Input = [{ eventID: 'shardId-000000000000:1', arrivedAt: 1, tweet: asPipeParses(record.data) }];
  const read = await evaluate(readRecords, { states: { input: 0, context: { Execution: { Input } } } });
  return extraction.parse(await evaluate(checkRecords, { read }));
}

function compile(field: string): Expression {
  return compileExpression(field.replace(/^\{%|%\}$/g, '').replaceAll(/\$\{(Deletion|Tweet)RetentionSeconds\}/g, '1'));
}

async function evaluate(expression: Expression, bindings: Record<string, unknown>): Promise<unknown> {
  const outcome = await expression.evaluate(bindings, { nowMs: 0, random: seededRandom(1) });
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}
