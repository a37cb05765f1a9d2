import { expect, it } from '@jest/globals';
import { quietLog } from '../../src/gateway/quiet-log.ts';

it('prints each line once a minute, and not more than twenty different ones', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const log = quietLog((line) => void lines.push(line), { now: () => nowMs });
  log('a');
  nowMs = 59_999;
  log('a');
  expect(lines).toEqual(['a']);
  nowMs = 60_000;
  log('a');
  expect(lines).toEqual(['a', 'a']);
  lines.length = 0;
  for (let number = 0; number < 100; number += 1) log(String(number));
  expect(lines).toHaveLength(20);
  expect(lines.at(-1)).toBe('More requests are refused. They are not shown for a minute.');
  nowMs = 120_000;
  log('b');
  expect(lines.at(-1)).toBe('b');
});
