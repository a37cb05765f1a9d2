import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { QueryError } from './query-error.ts';

/** A node of the parser's tree: its kind, and its members. */
export interface SyntaxNode {
  kind: string;
  body: JsonObject;
}

/** Reads a node, which is an object with its kind as the one key. Throws NOT_SUPPORTED for anything else. */
export function nodeOf(value: unknown): SyntaxNode {
  if (value === 'null' || (isJsonObject(value) && 'null' in value)) return { kind: 'null', body: {} };
  if (isJsonObject(value)) {
    const [entry, ...others] = Object.entries(value);
    if (entry !== undefined && others.length === 0) {
      const [kind, body] = entry;
      return { kind, body: isJsonObject(body) ? body : {} };
    }
  }
  throw new QueryError('NOT_SUPPORTED', 'a part of this statement is not supported by the local Athena');
}

/** The node if it is of a kind. */
export function ofKind(value: unknown, kind: string): JsonObject | undefined {
  if (!isJsonObject(value) || !(kind in value)) return undefined;
  return nodeOf(value).body;
}

/** A list of nodes. Empty when it is absent. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An identifier's name, without the mark of functions. Undefined when it is absent. */
export function nameOf(value: unknown): string | undefined {
  if (!isJsonObject(value) || typeof value.name !== 'string') return undefined;
  return unmarked(value.name);
}

/** Whether a member is present: neither null nor false nor an empty list. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** The text of a string literal. */
export function stringLiteral(value: unknown): string | undefined {
  const literal = ofKind(value, 'literal');
  return literal?.literal_type === 'string' ? String(literal.value) : undefined;
}

/** The text of a number literal, with its sign. */
export function numberLiteral(value: unknown): string | undefined {
  const negated = ofKind(value, 'neg');
  if (negated !== undefined) {
    const inner = numberLiteral(negated.this);
    return inner === undefined ? undefined : `-${inner}`;
  }
  const literal = ofKind(value, 'literal');
  return literal?.literal_type === 'number' ? String(literal.value) : undefined;
}

/** Marks the names of functions in a query's text, so that the parser keeps them as they are. */
export const FUNCTION_MARK = 'athena__';

export function unmarked(name: string): string {
  return name.toLowerCase().startsWith(FUNCTION_MARK) ? name.slice(FUNCTION_MARK.length) : name;
}
