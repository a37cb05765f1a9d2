/** The one data catalog. */
export const CATALOG = 'AwsDataCatalog';

/** Whether a statement asks for what the catalog holds. */
export function isCatalogStatement(sql: string): boolean {
  return /^\s*(show|describe|desc)\b/i.test(sql);
}
