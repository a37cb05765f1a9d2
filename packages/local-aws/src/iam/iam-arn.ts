import { z } from 'zod';

/** `/` or `/division/team/`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const iamPath = z.string().regex(/^\/(?:[!-.0-~]+\/)*$/, 'expected a path that begins and ends with a slash');

/** The ARN of a role or a managed policy. `path` begins and ends with a slash. */
export function iamArn(parts: {
  partition: string;
  accountId: string;
  kind: 'role' | 'policy';
  path: string;
  name: string;
}): string {
  return `arn:${parts.partition}:iam::${parts.accountId}:${parts.kind}${parts.path}${parts.name}`;
}
