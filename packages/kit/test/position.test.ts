import { describe, expect, it } from '@jest/globals';
import {
  eventIdOf,
  formatPosition,
  highWaterMarkName,
  isHighWaterMark,
  parsePosition,
  positionOfEvent,
  precedes,
  sequenceOf,
  shardOf,
  sortableSequence,
} from '../src/position.ts';

const shard = 'shardId-000000000001';
const at = (sequence: bigint | number) => formatPosition(shard, String(sequence));

describe('a position', () => {
  it('is the shard, the length of the sequence number in three digits, and the sequence number', () => {
    expect(formatPosition(shard, '4959')).toBe(`${shard}:0044959`);
    expect(formatPosition(shard, '4'.repeat(56))).toBe(`${shard}:056${'4'.repeat(56)}`);
  });

  it('gives its parts back', () => {
    const position = formatPosition(shard, '4959');
    expect(parsePosition(position)).toEqual({ shardId: shard, sequence: '4959' });
    expect([shardOf(position), sequenceOf(position), eventIdOf(position)]).toEqual([shard, '4959', `${shard}:4959`]);
    expect(positionOfEvent(`${shard}:4959`)).toBe(position);
  });

  it.each([
    '',
    'by hand',
    '0044959',
    `${shard}:4959`,
    `${shard}:0034959`,
    `${shard}:000`,
    `redrive:${at(1)}`,
    'by:0011',
  ])('is not %j', (text) => {
    expect(parsePosition(text)).toBeUndefined();
    expect(() => shardOf(text)).toThrow(RangeError);
  });

  it.each(['', shard, `${shard}:`, `${shard}:x`, `${shard}:1:2`, 'by:1'])('is not made of %j', (eventId) => {
    expect(positionOfEvent(eventId)).toBeUndefined();
  });

  it('sorts as text the way the sequence numbers of a shard sort', () => {
    const numbers = [0n, 1n, 9n, 10n, 11n, 99n, 100n, 2n ** 64n, 10n ** 55n, 10n ** 56n - 1n, 10n ** 56n];
    expect(numbers.map(at).toSorted()).toEqual(numbers.map(at));
  });

  it.each([
    [at(9), at(10), true],
    [at(10), at(9), false],
    [at(9), at(9), false],
    [formatPosition('shardId-000000000000', '9'), at(10), false],
    ['', at(9), false],
    [at(9), '', false],
    [at(9), `redrive:${at(10)}`, false],
  ])('%j precedes %j: %p', (first, second, isBefore) => {
    expect(precedes(first, second)).toBe(isBefore);
  });
});

describe('the high-water mark on a hashtag', () => {
  it.each([
    ['shardId-000000000000', 's0'],
    ['shardId-000000000035', 'sz'],
    ['shardId-000000000046', 's1a'],
  ])('of %s is %s', (shardId, name) => {
    expect(highWaterMarkName(shardId)).toBe(name);
  });

  it('holds the part of the position after the shard', () => {
    expect(sortableSequence(`${shard}:0044959`)).toBe('0044959');
  });

  it.each([
    ['s1a', '0041234', true],
    ['s1a', '0031234', false],
    ['s1a', '000', false],
    ['s1a', 41234, false],
    ['S1', '0041234', false],
    ['updatedAt', '0041234', false],
  ])('is %s = %j: %p', (name, value, isMark) => {
    expect(isHighWaterMark(name, value)).toBe(isMark);
  });
});
