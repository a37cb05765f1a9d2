import { expect, it } from '@jest/globals';
import { awsOnlyActions } from '../../../src/iam/authorization/aws-only-actions.ts';

it('each action that only AWS asks for is listed once a service, with a page of AWS', () => {
  const keys = awsOnlyActions.map(({ action, principal }) => `${principal} ${action}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(awsOnlyActions.filter(({ source }) => !source.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
});
