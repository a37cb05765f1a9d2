import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { schemeOf, schemes } from '../../../src/scale/simulation/scenario.ts';

it('knows by its states which scheme a workflow has', async () => {
  expect(schemeOf('States:\n  AdvanceHighWaterMark:\n    Type: Task\n')).toBe('raised-mark');
  expect(schemeOf('States:\n  StoreTweets:\n    Comment: AdvanceHighWaterMark:\n')).toBe('second-look');
});

it('counts of the scheme of this tree the calls that the workflow makes', async () => {
  const workflow = await readFile(new URL('../../../../../statemachines/ingest.asl.yaml', import.meta.url), 'utf8');
  const { updatesPerBatch } = schemes[schemeOf(workflow)];
  expect(updatesPerBatch).toBe((workflow.match(/^ {2}AdvanceHighWaterMark:$/gm) ?? []).length);
});
