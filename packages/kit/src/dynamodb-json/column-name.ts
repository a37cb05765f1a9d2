/**
 * The column of an attribute: its name in snake case (`userName` → `user_name`, `HTMLBody` → `html_body`). Characters
 * other than letters, digits and underscores become underscores, since query engines read a dot or a dash in a column
 * as syntax. Two attributes can have the same column name; {@link Columns} keeps them apart.
 */
export function columnName(attribute: string): string {
  const words = attribute
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[^\p{L}\p{M}\p{N}_]/gu, '_')
    .toLowerCase();
  return words === '' ? '_' : words;
}
