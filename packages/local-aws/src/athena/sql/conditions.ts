import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Condition } from './emit-scope.ts';
import { listOf, nameOf, nodeOf, numberLiteral, ofKind, stringLiteral } from './syntax-tree.ts';

const OPERATORS = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** A condition with the name or alias of its table, if it has one. */
export interface QualifiedCondition extends Condition {
  table: string | undefined;
}

/** The comparisons of columns with literals that must hold for every row: the parts of a WHERE joined by AND. */
export function conditionsOf(where: unknown): QualifiedCondition[] {
  const { kind, body } = nodeOf(where);
  switch (kind) {
    case 'and':
      return [...conditionsOf(body.left), ...conditionsOf(body.right)];
    case 'paren':
      return conditionsOf(body.this);
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return comparison(OPERATORS[kind], body);
    case 'between': {
      if (body.not === true) return [];
      return [
        ...comparison('>=', { left: body.this, right: body.low }),
        ...comparison('<=', { left: body.this, right: body.high }),
      ];
    }
    case 'in': {
      const values = listOf(body.expressions).map(literalText);
      const name = columnOf(body.this);
      const known = values.flatMap((value) => value ?? []);
      if (body.not === true || name === undefined || known.length === 0 || known.length < values.length) return [];
      return [{ ...name, operator: 'in', values: known }];
    }
    default:
      return [];
  }
}

function comparison(operator: keyof typeof MIRRORED, { left, right }: JsonObject): QualifiedCondition[] {
  const [name, value] = [columnOf(left), literalText(right)];
  if (name !== undefined && value !== undefined) return [{ ...name, operator, values: [value] }];
  const [other, mirrored] = [columnOf(right), literalText(left)];
  if (other === undefined || mirrored === undefined) return [];
  return [{ ...other, operator: MIRRORED[operator], values: [mirrored] }];
}

function columnOf(node: unknown): { column: string; table: string | undefined } | undefined {
  const column = ofKind(node, 'column');
  const name = nameOf(column?.name);
  return name === undefined ? undefined : { column: name.toLowerCase(), table: nameOf(column?.table)?.toLowerCase() };
}

function literalText(node: unknown): string | undefined {
  const literal = ofKind(node, 'literal');
  if (literal?.literal_type === 'date') return String(literal.value);
  return stringLiteral(node) ?? numberLiteral(node);
}
