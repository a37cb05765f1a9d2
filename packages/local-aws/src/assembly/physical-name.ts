import { createHash } from 'node:crypto';

/**
 * The name of a resource that the template does not name: `<stack>-<logical id>`, the same at every start, so that data
 * is found again. One that is longer than AWS allows is cut and ends in eight hex digits of its hash.
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
