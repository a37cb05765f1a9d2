import { expect, it } from '@jest/globals';
import { stateNames } from '@tweet-pipes/cli/executions/workflow';
import { STATES, sixtyStates } from '../../../src/bench/page/sixty-states.ts';

it('the machine of the graph has as many states as its figure says', () => {
  expect(new Set(stateNames(sixtyStates())).size).toBe(STATES);
});
