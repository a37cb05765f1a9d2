import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { s3Operation } from '../../src/engines/s3-operations.ts';

const cases = z
  .array(
    z.strictObject({
      name: z.string(),
      source: z.string(),
      input: z.strictObject({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()).optional(),
      }),
      expected: z.union([z.string(), z.strictObject({ error: z.string(), about: z.string() })]),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('cases/s3-operations.json', import.meta.url), 'utf8')));

describe('s3Operation', () => {
  it.each(cases)('$name', ({ input, expected }) => {
    const request = { ...input, headers: { host: '127.0.0.1:4566', ...input.headers }, body: Buffer.alloc(0) };
    if (typeof expected === 'string') expect(s3Operation(request)).toBe(expected);
    else {
      const message = expect.stringContaining(`s3 ${expected.about} is not supported`);
      expect(() => s3Operation(request)).toThrow(
        expect.objectContaining({ name: expected.error, statusCode: 501, message }),
      );
    }
  });
});
