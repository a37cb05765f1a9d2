import { AwsError } from '../gateway/aws-error.ts';
import type { AccessControl, NamedPolicy, Role } from './access-control.ts';

/** Gives a role a policy of its own, in the place of one of the same name. Throws NoSuchEntity without the role. */
export function attachInline(access: AccessControl, roleName: string, policy: NamedPolicy): void {
  const role = existingRole(access, roleName);
  access.putRole({ ...role, inline: [...role.inline.filter(({ name }) => name !== policy.name), policy] });
}

/** Takes a policy from a role. One that is gone, or a role that is gone, is no error. */
export function detachInline(access: AccessControl, roleName: string, policyName: string): void {
  const role = access.role(roleName);
  if (role === undefined) return;
  access.putRole({ ...role, inline: role.inline.filter(({ name }) => name !== policyName) });
}

/** Attaches a managed policy to a role. Throws NoSuchEntity without the role or the policy. */
export function attachManaged(access: AccessControl, roleName: string, arn: string): void {
  const role = existingRole(access, roleName);
  if (!role.managed.includes(arn)) access.putRole({ ...role, managed: [...role.managed, arn] });
}

/** Detaches a managed policy from a role. One that is not attached, or a role that is gone, is no error. */
export function detachManaged(access: AccessControl, roleName: string, arn: string): void {
  const role = access.role(roleName);
  if (role === undefined) return;
  access.putRole({ ...role, managed: role.managed.filter((each) => each !== arn) });
}

/** Throws NoSuchEntity as IAM does. */
export function existingRole(access: AccessControl, name: string): Role {
  const role = access.role(name);
  if (role !== undefined) return role;
  throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { statusCode: 404 });
}
