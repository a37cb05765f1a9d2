import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dependencyOrder } from '../../src/assembly/order.ts';

describe('dependencyOrder', () => {
  it('lists every name once, after its dependencies, if there is no cycle', () => {
    // Each name may depend on smaller numbers only, so there is no cycle.
    const graph = fc
      .array(fc.array(fc.nat(100)), { maxLength: 12 })
      .map((rows) => new Map(rows.map((row, n) => [String(n), new Set(row.filter((m) => m < n).map(String))])))
      .chain((dependencies) => fc.shuffledSubarray([...dependencies], { minLength: dependencies.size }));
    fc.assert(
      fc.property(graph, (entries) => {
        const dependencies = new Map(entries);
        const { order, cycles } = dependencyOrder(dependencies);
        expect(cycles).toEqual([]);
        expect([...order].sort()).toEqual([...dependencies.keys()].sort());
        for (const [name, needs] of dependencies) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });

  it('reports a cycle as a closed path', () => {
    const dependencies = new Map([
      ['X', new Set(['A'])],
      ['A', new Set(['B'])],
      ['B', new Set(['C'])],
      ['C', new Set(['A'])],
      ['Self', new Set(['Self'])],
    ]);
    expect(dependencyOrder(dependencies).cycles).toEqual([
      ['A', 'B', 'C', 'A'],
      ['Self', 'Self'],
    ]);
  });
});
