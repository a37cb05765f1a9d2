import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFile } from '../sources/file-reading.ts';
import { packings } from './pack.ts';
import { forms, ids } from './same-tweets.ts';

/** As for the other properties (docs/testing.md), so many times as many. */
const runs = (usual: number) => Number(process.env.PROPERTY_RUNS ?? usual);

const encodings: Record<string, (text: string) => Buffer> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

const form = fc.constantFrom(...Object.keys(forms));
const encoding = fc.constantFrom(...Object.keys(encodings));
const packing = fc.constantFrom(...Object.keys(packings));

function packed(ofForm: string, inEncoding: string, by: string): Buffer {
  const pack = packings[by] ?? Buffer.from;
  return pack(encodings[inEncoding]?.(forms[ofForm] ?? '') ?? Buffer.alloc(0));
}

function inChunks(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
  );
}

describe('a file in any form, container and encoding', () => {
  it('gives the same tweets, however its bytes come', async () => {
    const size = fc.integer({ min: 1, max: 3000 });
    await fc.assert(
      fc.asyncProperty(form, encoding, packing, size, async (ofForm, inEncoding, by, chunk) => {
        const { tweets, counts } = await readFile(inChunks(packed(ofForm, inEncoding, by), chunk));
        expect(Object.keys(tweets).sort()).toEqual(ids);
        expect(counts).toMatchObject({ tweets: ids.length, unreadable: 0, refused: 0, brokenOff: 0 });
      }),
      { numRuns: runs(60) },
    );
  });

  it('loses nothing in silence if it is broken at a random byte', async () => {
    await fc.assert(
      fc.asyncProperty(form, encoding, packing, fc.nat(), fc.nat(255), async (ofForm, inEncoding, by, at, byte) => {
        const bytes = packed(ofForm, inEncoding, by);
        bytes[at % bytes.length] = byte;
        const { tweets, deletions, counts, records, tally } = await readFile(bytes);
        expect(deletions).toEqual([]);
        expect(records).toHaveLength(counts.tweets + counts.unreadable - notSent(counts.unreadableReasons));
        const missing = ids.filter((id) => !(id in tweets));
        // One changed byte may change one id to another one, which no reader could tell.
        const others = Object.keys(tweets).filter((id) => !ids.includes(id));
        // The name of a part of X's archive is all that tells what it holds.
        const isOtherPart = tally.lines.some((line) => /^Left out, since they hold no tweets: window/.test(line));
        if (missing.length > others.length && !isOtherPart) {
          expect(counts.unreadable + counts.refused + counts.brokenOff).toBeGreaterThan(0);
          expect(tally.problems).not.toEqual([]);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it('of lines loses no other line', async () => {
    const perLine = ['JSON lines', 'envelopes', 'JSON in texts', 'numeric ids'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...perLine), fc.nat(), fc.nat(255), async (ofForm, at, byte) => {
        const bytes = Buffer.from(forms[ofForm] ?? '');
        const [position, old] = [at % bytes.length, bytes[at % bytes.length]];
        bytes[position] = byte;
        const { tweets, counts } = await readFile(bytes);
        const missing = ids.filter((id) => !(id in tweets));
        // A line end that is gone makes one line of two.
        expect(missing.length).toBeLessThanOrEqual(old === 0x0a ? 2 : 1);
        if (old === 0x0a || byte === 0x0a || byte === 0x0d) return;
        // `{"user":{…}}` becomes two broken values if a bracket stands in place of its colon.
        const isClosing = byte === 0x7d || byte === 0x5d;
        expect(counts.tweets + counts.unreadable).toBeGreaterThanOrEqual(ids.length);
        expect(counts.tweets + counts.unreadable).toBeLessThanOrEqual(isClosing ? ids.length + 1 : ids.length);
      }),
      {
        numRuns: runs(200),
        examples: [['JSON lines', Buffer.from(forms['JSON lines'] ?? '').indexOf(':{'), 0x7d]],
      },
    );
  });
});

/** What is unreadable without any bytes of its own. */
function notSent(reasons: readonly { reason: string; count: number }[]): number {
  return reasons
    .filter(({ reason }) => reason.startsWith('the text ends before'))
    .reduce((sum, { count }) => sum + count, 0);
}
