import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { MARK_UPDATES } from '../../../src/scale/simulation/workflow.ts';

it('updates the high-water mark as often as the workflow does', async () => {
  const definition = await readFile(
    new URL('../../../../../statemachines/ingest/ingest.asl.yaml', import.meta.url),
    'utf8',
  );
  expect(definition.match(/\$\{ShardTable\}/g) ?? []).toHaveLength(MARK_UPDATES);
});
