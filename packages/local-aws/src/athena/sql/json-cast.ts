import { isJsonObject } from '@tweet-pipes/kit/json';
import { listOf, nameOf } from './syntax-tree.ts';
import { text } from './types.ts';

/**
 * JSON that DuckDB can cast to a type of a query: rows have all of their members and no other, since DuckDB's cast
 * refuses both, and a list stands for a row by its places. Undefined for a type without rows. `newName` gives names of
 * lambda parameters.
 */
export function completeJson(value: string, type: unknown, newName: () => string): string | undefined {
  if (!isJsonObject(type)) return undefined;
  switch (type.data_type) {
    case 'struct': {
      const json = newName();
      const members = (of: (key: string, index: number) => string): string =>
        listOf(type.fields)
          .flatMap((field, index) => {
            const { name, data_type: member } = isJsonObject(field) ? field : {};
            const key = typeof name === 'string' ? name : nameOf(name);
            if (key === undefined) return [];
            const found = `json_extract(${json}, ${text(of(key, index))})`;
            return [text(key), completeJson(found, member, newName) ?? found];
          })
          .join(', ');
      const byName = members((key) => `$."${key}"`);
      const byPlace = members((_, index) => `$[${index}]`);
      return `list_transform([CAST(${value} AS JSON)], lambda ${json}: CASE json_type(${json})
        WHEN 'OBJECT' THEN json_object(${byName}) WHEN 'ARRAY' THEN json_object(${byPlace}) ELSE ${json} END)[1]`;
    }
    case 'array': {
      const element = newName();
      const complete = completeJson(element, type.element_type, newName);
      return complete && `to_json(list_transform(CAST(${value} AS JSON[]), lambda ${element}: ${complete}))`;
    }
    case 'map': {
      const entry = newName();
      const complete = completeJson(`${entry}.value`, type.value_type, newName);
      const entries = `map_entries(CAST(${value} AS MAP(VARCHAR, JSON)))`;
      return (
        complete &&
        `to_json(map_from_entries(list_transform(${entries}, lambda ${entry}: {key: ${entry}.key, value: ${complete}})))`
      );
    }
    default:
      return undefined;
  }
}
