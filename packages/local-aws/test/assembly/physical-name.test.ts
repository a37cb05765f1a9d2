import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { physicalName } from '../../src/assembly/physical-name.ts';

describe('physicalName', () => {
  it('is stack and logical id while that fits', () => {
    expect(physicalName('Stack', 'Queue')).toBe('Stack-Queue');
    expect(physicalName('Stack', 'Bucket', { lowerCaseName: true })).toBe('stack-bucket');
  });

  it('never is longer than allowed, and differs where the logical ids differ', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9]{1,120}$/);
    fc.assert(
      fc.property(id, id, (a, b) => {
        const names = [a, b].map((logicalId) => physicalName('Stack', logicalId, { nameMaxLength: 64 }));
        expect(names.every((name) => name.length <= 64)).toBe(true);
        expect(names[0] === names[1]).toBe(a === b);
      }),
    );
  });
});
