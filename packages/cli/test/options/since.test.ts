import { expect, it } from '@jest/globals';
import { since } from '../../src/options/since.ts';

it.each([
  ['30s', { agoMs: 30_000 }],
  ['10m', { agoMs: 600_000 }],
  ['2h', { agoMs: 7_200_000 }],
  ['3d', { agoMs: 259_200_000 }],
  ['2026-11-29T08:30:00Z', { atMs: Date.UTC(2026, 10, 29, 8, 30) }],
  ['2026-11-29', { atMs: Date.UTC(2026, 10, 29) }],
])('%s is a beginning', (text, beginning) => {
  expect(since(text)).toEqual(beginning);
});

it.each(['', '10', 'm', '-5m', 'yesterday', '2026-13-01', '1.5h'])('%j is refused', (text) => {
  expect(() => since(text)).toThrow(/such as 30s, 10m, 2h or 3d/);
});
