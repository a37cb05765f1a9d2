import { createHash } from 'node:crypto';

const ROLE_ARN = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.+\/)?([\w+=,.@-]+)$/;

/** The name in a role's ARN, without its path. Undefined for what is no role's ARN. */
export function roleNameOf(roleArn: string): string | undefined {
  return ROLE_ARN.exec(roleArn)?.[2];
}

/** The ARN of a role's session. The role's path is not in it. */
export function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}

/**
 * The unique id of a role or policy: `AROA` and 17 characters. The same name has the same one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function uniqueId(prefix: 'AROA' | 'ANPA', name: string): string {
  const digest = createHash('sha256').update(name).digest();
  return prefix + [...digest.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
