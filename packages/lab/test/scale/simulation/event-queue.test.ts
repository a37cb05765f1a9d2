import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventQueue } from '../../../src/scale/simulation/event-queue.ts';

it('lets everything happen in the order of its time, and of its planning at one time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 100 }), (times) => {
      const queue = new EventQueue();
      const happened: [number, number][] = [];
      for (const [index, atMs] of times.entries()) queue.at(atMs, () => happened.push([queue.nowMs, index]));
      queue.run(100);
      const expected = times
        .map((atMs, index): [number, number] => [atMs, index])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(happened).toEqual(expected);
    }),
  );
});

it('runs to a moment, no further, and takes what is planned in the past as planned for now', () => {
  const queue = new EventQueue();
  const happened: string[] = [];
  queue.at(10, () => {
    happened.push('first');
    queue.at(5, () => happened.push(`late, at ${queue.nowMs}`));
  });
  queue.at(21, () => happened.push('after'));
  queue.run(20);
  expect(happened).toEqual(['first', 'late, at 10']);
  expect(queue.nowMs).toBe(20);
});
