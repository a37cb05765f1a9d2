import { describe, expect, it } from '@jest/globals';
import type { SettledAs } from '@tweet-pipes/producer/record';
import { Positions } from '@tweet-pipes/producer/sources/bluesky/positions';
import fc from 'fast-check';

describe('positions', () => {
  it('advance over events without a record at once, and over records when all before them are settled', () => {
    const positions = new Positions(10);
    positions.pass(11);
    expect(positions.settledUs).toBe(11);
    const [first, second] = [positions.begin(12), positions.begin(13)];
    positions.pass(14);
    second('sent');
    expect(positions.settledUs).toBe(11);
    first('oversized');
    expect(positions.settledUs).toBe(14);
  });

  it('stay before a record that was lost', () => {
    const positions = new Positions(10);
    const [first, lost, last] = [positions.begin(11), positions.begin(12), positions.begin(13)];
    lost('lost');
    first('sent');
    last('sent');
    positions.pass(14);
    positions.begin(15)('sent');
    expect(positions.settledUs).toBe(11);
  });

  it('do not go back when events come again', () => {
    const positions = new Positions(10);
    positions.begin(20)('sent');
    positions.begin(12)('sent');
    expect(positions.settledUs).toBe(20);
  });

  it('never pass an event that is not settled', () => {
    const order = fc.array(fc.record({ isRecord: fc.boolean(), rank: fc.nat() }), { maxLength: 30 });
    fc.assert(
      fc.property(order, fc.option(fc.nat(29), { nil: undefined }), (events, lostIndex) => {
        const positions = new Positions(0);
        const settles = events.map(({ isRecord }, index) => {
          if (isRecord) return positions.begin(index + 1);
          positions.pass(index + 1);
          return undefined;
        });
        const isOver = new Set(events.flatMap(({ isRecord }, index) => (isRecord ? [] : [index])));
        const inTurn = events.map((_, index) => index).sort((a, b) => (events[a]?.rank ?? 0) - (events[b]?.rank ?? 0));
        for (const index of inTurn) {
          const settledAs: SettledAs = index === lostIndex ? 'lost' : 'sent';
          settles[index]?.(settledAs);
          if (settledAs === 'sent') isOver.add(index);
          const first = events.findIndex((_, other) => !isOver.has(other));
          expect(positions.settledUs).toBe(first === -1 ? events.length : first);
        }
      }),
    );
  });
});
