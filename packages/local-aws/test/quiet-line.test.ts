import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { QuietLine } from '../src/quiet-line.ts';

it('a line comes at once, then at most once a minute, with the number since the start', async () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const line = new QuietLine((text) => lines.push(text), clock);
  const add = (count: number) => line.add(count, (all) => `${all} given up`);
  add(1);
  add(2);
  await clock.advance(59_999);
  add(3);
  expect(lines).toEqual(['1 given up']);
  await clock.advance(1);
  add(4);
  expect(lines).toEqual(['1 given up', '10 given up']);
});
