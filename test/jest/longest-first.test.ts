import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { longest } from './longest-first.ts';

const root = new URL('../../', import.meta.url);

describe('the order of the suite', () => {
  it('begins with files that are there, each once', () => {
    expect(longest.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
    expect(new Set(longest).size).toBe(longest.length);
  });
});
