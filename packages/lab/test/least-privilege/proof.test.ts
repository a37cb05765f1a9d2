import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { Proof } from '../../src/least-privilege/proof.ts';
import { rightsOf } from '../../src/least-privilege/rights.ts';
import { partsInOrder } from '../../src/least-privilege/workload.ts';

const never = new AbortController().signal;

let proof: Proof;
beforeAll(async () => {
  proof = await Proof.start(fakeTerminal());
});
afterAll(() => proof?.stop());

it('a statement taken from the workflow is missed, and what waited for it is counted exactly', async () => {
  const role = proof.roles.find(({ name }) => name.startsWith('TweetPipes-IngestWorkflowRole'));
  const right = role && rightsOf(role).find(({ values }) => values.includes('dynamodb:UpdateItem'));
  if (right === undefined) throw new Error('No statement of the workflow allows dynamodb:UpdateItem.');
  const { denied, history } = await proof.remove(right, ['sample'], never);
  expect(denied).toMatch(/^dynamodb:UpdateItem on arn:aws:dynamodb:/);
  expect(history).toBe('TaskFailed DynamoDb.DynamoDbException');
  // The next sample audits every counter, those of the first one included.
  await proof.run('sample', never);
});

it('every right of every role is asked for, or a table knows who needs it', async () => {
  // The sample has just run with every right.
  for (const part of partsInOrder.filter((each) => each !== 'sample')) await proof.run(part, never);
  const { unused, stale, needed } = proof.judge();
  expect(unused.map(({ roleName, what }) => `${roleName}, ${what}`)).toEqual([]);
  expect(stale).toEqual([]);
  expect(needed.length).toBeGreaterThan(100);
});
