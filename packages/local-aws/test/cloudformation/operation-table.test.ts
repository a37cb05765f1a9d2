import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { operationTable } from '../../src/cloudformation/operation-table.ts';

it('is in docs/deploy-locally.md (node packages/local-aws/src/cloudformation/operation-table.ts prints it)', () => {
  const page = readFileSync(new URL('../../../../docs/deploy-locally.md', import.meta.url), 'utf8');
  const table = operationTable();
  expect(table.split('\n').length).toBeGreaterThan(20);
  expect(page).toContain(`\n${table}\n`);
});
