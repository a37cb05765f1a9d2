import { expect, it } from '@jest/globals';
import { StopList } from '../src/stop-list.ts';

it('stops in reverse order, continues after failures, and reports them', async () => {
  const stopped: string[] = [];
  const list = new StopList();
  for (const name of ['a', 'b', 'c']) {
    list.add(name, name, async (started) => {
      stopped.push(started);
      if (started !== 'a') throw new Error('stuck');
    });
  }
  await expect(list.stopAll()).rejects.toThrow('c did not stop: stuck; b did not stop: stuck');
  expect(stopped).toEqual(['c', 'b', 'a']);
  await list.stopAll();
  expect(stopped).toHaveLength(3);
});

it('stops at once what starts after the others were stopped', async () => {
  const list = new StopList();
  await list.stopAll();
  let isStopped = false;
  const late = () =>
    list.add('late', 1, () => {
      isStopped = true;
    });
  expect(late).toThrow('late started after the start was given up.');
  expect(isStopped).toBe(true);
});
