import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { physicalName } from '../../src/assembly/physical-name.ts';

describe('physicalName', () => {
  it('is stack and logical id if that is short enough', () => {
    expect(physicalName('Stack', 'Queue')).toBe('Stack-Queue');
    expect(physicalName('Stack', 'Bucket', { lowerCaseName: true })).toBe('stack-bucket');
  });

  it('is at most as long as allowed, and differs for different logical ids', () => {
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
