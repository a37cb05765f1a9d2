import { expect, it } from '@jest/globals';
import { formatIso } from '../../src/app/format.ts';

it.each([
  ['2026-11-29T12:00:31Z', /2026, \d\d:\d\d:31$/],
  ['2026-11-29T12:00:31.000Z', /2026, \d\d:\d\d:31\.000$/],
])('the time %s is shown as exactly as it is known', (time, shown) => {
  expect(formatIso(time)).toMatch(shown);
});
