import type { TableColumn } from '../engine/messages.ts';
import type { Condition } from '../sql/emit-scope.ts';

const NUMERIC = /^(tinyint|smallint|int|integer|bigint|long|float|double)$/i;

/**
 * Whether the rows of a partition may fit the conditions of one of the places where the table stands. The query itself
 * tests the rows: this only spares reading.
 */
export function mayFit(
  keys: readonly TableColumn[],
  values: readonly (string | null)[],
  places: readonly (readonly Condition[])[],
): boolean {
  return places.some((conditions) =>
    conditions.every((condition) => {
      const index = keys.findIndex(({ name }) => name.toLowerCase() === condition.column);
      const value = values[index];
      const key = keys[index];
      return (
        key === undefined || value === undefined || value === null || fits(value, condition, NUMERIC.test(key.type))
      );
    }),
  );
}

function fits(value: string, { operator, values }: Condition, isNumber: boolean): boolean {
  const order = (other: string): number => {
    if (isNumber) return Number(value) - Number(other);
    return value < other ? -1 : value > other ? 1 : 0;
  };
  const [first = ''] = values;
  switch (operator) {
    case '=':
      return order(first) === 0;
    case 'in':
      return values.some((each) => order(each) === 0);
    case '<':
      return order(first) < 0;
    case '<=':
      return order(first) <= 0;
    case '>':
      return order(first) > 0;
    case '>=':
      return order(first) >= 0;
  }
}
