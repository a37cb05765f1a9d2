import type { QueryError } from '../sql/query-error.ts';
import type { Relation, TableFile } from './messages.ts';
import { rewrittenCopy } from './rewritten-copy.ts';

/**
 * Whether DuckDB met an escape of half a surrogate pair, which it takes for malformed JSON. The SerDes read it, as Java
 * does: a text that was cut in the middle of an emoji is one.
 */
export function isOfHalfSurrogate({ name, message }: QueryError): boolean {
  return name === 'HIVE_BAD_DATA' && /(?:low|high) surrogate/.test(message);
}

/**
 * Relations whose JSON has U+FFFD in place of each half of a surrogate pair, in copies of the copies. What Athena shows
 * for a half is not documented.
 */
export async function withoutHalfSurrogates(relations: readonly Relation[]): Promise<Relation[]> {
  return Promise.all(
    relations.map(async (relation) => {
      if (relation.kind !== 'files' || relation.format.kind !== 'json') return relation;
      const files: TableFile[] = [];
      for (const file of relation.files) files.push(await rewrittenCopy(file, 'whole', replaceHalves));
      return { ...relation, files };
    }),
  );
}

/** A row of JSON with the escape of U+FFFD where it has one of half a surrogate pair. */
function replaceHalves(row: string): string {
  return row.replaceAll(
    /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u(d[89a-f][\da-f]{2})|.)/gi,
    (written, half: string | undefined) => (half === undefined ? written : '\\ufffd'),
  );
}
