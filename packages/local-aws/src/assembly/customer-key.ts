import type { EncryptionKey } from '../iam/access-control.ts';
import { customerKeyArn } from '../iam/resource-owners.ts';
import type { ResourceIdentity } from './resource-type.ts';

/**
 * The customer's key that a resource names by id or ARN. Nothing is encrypted here: whoever uses the resource needs
 * rights on the key. None for an alias.
 */
export function customerKey(
  key: string | undefined,
  { environment }: Pick<ResourceIdentity, 'environment'>,
  isBucketKey = false,
): EncryptionKey | undefined {
  const arn = customerKeyArn(key, environment);
  return arn === undefined ? undefined : { arn, isBucketKey };
}
