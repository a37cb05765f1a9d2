import type { ResourceIdentity } from './resource-type.ts';

const SUFFIX = '.fifo';

/**
 * The name of a queue or topic. A FIFO one that the template does not name gets the suffix that AWS asks for, as from
 * CloudFormation.
 */
export function fifoName(
  { physicalName }: Pick<ResourceIdentity, 'physicalName'>,
  { given, isFifo, maxLength }: { given: string | undefined; isFifo: boolean; maxLength: number },
): string {
  if (!isFifo || given !== undefined) return physicalName;
  return `${physicalName.slice(0, maxLength - SUFFIX.length)}${SUFFIX}`;
}
