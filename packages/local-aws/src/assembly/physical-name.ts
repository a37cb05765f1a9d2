import { createHash } from 'node:crypto';

/**
 * The name of a resource without a name in the template: `<stack>-<logical id>`. It is the same at every start, so that
 * the resource keeps its data. A name that is too long is cut and ends in eight hex digits of its hash.
 */
export function physicalName(
  stackName: string,
  logicalId: string,
  rules: { nameMaxLength?: number; lowerCaseName?: boolean } = {},
): string {
  const { nameMaxLength = 64, lowerCaseName = false } = rules;
  const full = `${stackName}-${logicalId}`;
  const name = lowerCaseName ? full.toLowerCase() : full;
  if (name.length <= nameMaxLength) return name;
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 8);
  return `${name.slice(0, nameMaxLength - 9)}-${hash}`;
}
