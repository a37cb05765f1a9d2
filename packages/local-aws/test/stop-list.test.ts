import { expect, it } from '@jest/globals';
import { StopList } from '../src/stop-list.ts';

it('stops the last started first, all of them also when some fail, and says which failed', async () => {
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
