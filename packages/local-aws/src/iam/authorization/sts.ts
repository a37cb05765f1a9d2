import type { Rows } from './asked.ts';

/**
 * AssumeRole is decided by the service itself, which asks the trust policy too. GetCallerIdentity needs no right: it
 * answers even where a policy denies it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const sts: Rows = {
  AssumeRole: () => [],
  GetCallerIdentity: () => [],
};
