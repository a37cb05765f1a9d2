import { describe, expect, it } from '@jest/globals';
import { patched } from '../../src/cloudcontrol/json-patch.ts';

const patch = (document: object, ...steps: object[]) => patched({ ...document }, JSON.stringify(steps));

// https://www.rfc-editor.org/rfc/rfc6902#appendix-A
describe('a JSON patch', () => {
  it.each([
    ['A.1 adds a member', { foo: 'bar' }, { op: 'add', path: '/baz', value: 'qux' }, { baz: 'qux', foo: 'bar' }],
    ['A.2 adds an element', { a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    ['A.3 removes a member', { baz: 1, foo: 2 }, { op: 'remove', path: '/baz' }, { foo: 2 }],
    ['A.4 removes an element', { a: [1, 2, 3] }, { op: 'remove', path: '/a/1' }, { a: [1, 3] }],
    ['A.5 replaces a value', { baz: 1 }, { op: 'replace', path: '/baz', value: [2] }, { baz: [2] }],
    ['A.6 moves a value', { a: { b: 1 }, c: {} }, { op: 'move', from: '/a/b', path: '/c/d' }, { a: {}, c: { d: 1 } }],
    ['A.7 moves an element', { a: [1, 2, 3] }, { op: 'move', from: '/a/0', path: '/a/2' }, { a: [2, 3, 1] }],
    ['A.8 tests a value', { a: [1, { b: 2 }] }, { op: 'test', path: '/a/1', value: { b: 2 } }, { a: [1, { b: 2 }] }],
    ['copies a value', { a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    ['A.11 ignores other members', { a: 1 }, { op: 'add', path: '/b', value: 2, xyz: 3 }, { a: 1, b: 2 }],
    ['A.14 reads ~ and /', { '/': 9, '~1': 10 }, { op: 'test', path: '/~01', value: 10 }, { '/': 9, '~1': 10 }],
    ['A.16 appends an array', { a: [1] }, { op: 'add', path: '/a/-', value: [2] }, { a: [1, [2]] }],
    ['replaces null', { a: null }, { op: 'replace', path: '/a', value: 1 }, { a: 1 }],
    ['takes paths without a slash', { a: 1 }, { op: 'replace', path: 'a', value: 2 }, { a: 2 }],
  ])('%s', (_case, document, step, expected) => {
    const before = structuredClone(document);
    expect(patch(document, step)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each([
    ['A.9 a failed test', { op: 'test', path: '/a', value: 'bar' }],
    ['A.12 a place without parent', { op: 'add', path: '/b/c', value: 1 }],
    ['A.15 a number for a text', { op: 'test', path: '/a', value: '1' }],
    ['a missing member', { op: 'replace', path: '/b', value: 1 }],
    ['an index beyond the end', { op: 'add', path: '/list/2', value: 1 }],
    ['an index that is none', { op: 'remove', path: '/list/01' }],
    ['an inherited name', { op: 'remove', path: '/constructor' }],
    ['another operation', { op: 'spin', path: '/a' }],
    ['the whole', { op: 'replace', path: '', value: { b: 2 } }],
    ['a prototype', { op: 'add', path: '/__proto__', value: { x: 1 } }],
    ['a member of a prototype', { op: 'add', path: '__proto__/x', value: 1 }],
  ])('is refused for %s', (_case, step) => {
    expect(() => patch({ a: 1, list: [1] }, step)).toThrow(
      expect.objectContaining({ name: 'InvalidRequestException' }),
    );
  });

  it('is JSON', () => {
    expect(() => patched({}, '{')).toThrow('PatchDocument is no JSON');
  });
});
