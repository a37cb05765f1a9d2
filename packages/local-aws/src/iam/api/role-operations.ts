import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import type { LocalService } from '../../gateway/local-service.ts';
import type { AccessControl, Role } from '../access-control.ts';
import { attachInline, attachManaged, detachInline, detachManaged, existingRole } from '../attachments.ts';
import { iamArn, iamPath } from '../iam-arn.ts';
import { uniqueId } from '../role-names.ts';
import type { UserMade } from '../user-made.ts';
import { documentOf, encodedDocument, iamName, listInput, noSuchEntity, pageOf, parseInput } from './input.ts';

/** What the operations of the IAM API work on. */
export interface IamOptions {
  readonly access: AccessControl;
  readonly clock: Pick<Clock, 'now'>;
  readonly userMade: UserMade;
}

const RoleName = iamName;
const PolicyName = iamName;
const PolicyArn = z.string();

const inputs = {
  role: z.strictObject({ RoleName }),
  create: z.strictObject({
    RoleName,
    Path: iamPath.default('/'),
    AssumeRolePolicyDocument: z.string(),
    Description: z.string().optional(),
    MaxSessionDuration: z.coerce.number().int().min(3_600).max(43_200).optional(),
    PermissionsBoundary: z.string().optional(),
  }),
  list: z.strictObject({ PathPrefix: z.string().default('/'), ...listInput }),
  trust: z.strictObject({ RoleName, PolicyDocument: z.string() }),
  putInline: z.strictObject({ RoleName, PolicyName, PolicyDocument: z.string() }),
  inline: z.strictObject({ RoleName, PolicyName }),
  listOf: z.strictObject({ RoleName, ...listInput }),
  managed: z.strictObject({ RoleName, PolicyArn }),
};

/** The roles' part of the IAM API. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export function roleOperations({ access, clock, userMade }: IamOptions): LocalService['operations'] {
  return {
    CreateRole: async (input, { accountId }) => {
      const given = parseInput(inputs.create, input);
      const name = given.RoleName;
      if (access.role(name) !== undefined) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, { statusCode: 409 });
      }
      const { Description, MaxSessionDuration, PermissionsBoundary } = given;
      const role: Role = {
        name,
        arn: iamArn({ partition: 'aws', accountId, kind: 'role', path: given.Path, name }),
        trust: documentOf(given.AssumeRolePolicyDocument),
        inline: [],
        managed: [],
        createdAtMs: clock.now(),
        ...(Description !== undefined && { description: Description }),
        ...(MaxSessionDuration !== undefined && { maxSessionSeconds: MaxSessionDuration }),
        ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
      };
      access.putRole(role);
      userMade.addRole(name);
      await userMade.save();
      return { Role: described(role) };
    },

    GetRole: async (input) => ({ Role: described(existingRole(access, parseInput(inputs.role, input).RoleName)) }),

    ListRoles: async (input) => {
      const { PathPrefix, ...paging } = parseInput(inputs.list, input);
      const below = access.roles().filter((role) => pathOf(role).startsWith(PathPrefix));
      const { page, rest } = pageOf(below, ({ name }) => name, paging);
      return { Roles: page.map(described), ...rest };
    },

    DeleteRole: async (input) => {
      const role = existingRole(access, parseInput(inputs.role, input).RoleName);
      if (role.managed.length > 0) throw conflict('Cannot delete entity, must detach all policies first.');
      if (role.inline.length > 0) throw conflict('Cannot delete entity, must delete policies first.');
      access.deleteRole(role.name);
      await userMade.save();
      return {};
    },

    UpdateAssumeRolePolicy: async (input) => {
      const given = parseInput(inputs.trust, input);
      access.putRole({ ...existingRole(access, given.RoleName), trust: documentOf(given.PolicyDocument) });
      await userMade.save();
      return {};
    },

    PutRolePolicy: async (input) => {
      const given = parseInput(inputs.putInline, input);
      attachInline(access, given.RoleName, { name: given.PolicyName, document: documentOf(given.PolicyDocument) });
      await userMade.save();
      return {};
    },

    GetRolePolicy: async (input) => {
      const given = parseInput(inputs.inline, input);
      const { document } = inlinePolicy(existingRole(access, given.RoleName), given.PolicyName);
      return { ...given, PolicyDocument: encodedDocument(document) };
    },

    DeleteRolePolicy: async (input) => {
      const given = parseInput(inputs.inline, input);
      inlinePolicy(existingRole(access, given.RoleName), given.PolicyName);
      detachInline(access, given.RoleName, given.PolicyName);
      await userMade.save();
      return {};
    },

    ListRolePolicies: async (input) => {
      const { RoleName: name, ...paging } = parseInput(inputs.listOf, input);
      const names = existingRole(access, name).inline.map((policy) => policy.name);
      const { page, rest } = pageOf(names, (each) => each, paging);
      return { PolicyNames: page, ...rest };
    },

    AttachRolePolicy: async (input) => {
      const given = parseInput(inputs.managed, input);
      attachManaged(access, given.RoleName, given.PolicyArn);
      await userMade.save();
      return {};
    },

    DetachRolePolicy: async (input) => {
      const given = parseInput(inputs.managed, input);
      if (!existingRole(access, given.RoleName).managed.includes(given.PolicyArn)) {
        throw noSuchEntity(`Policy ${given.PolicyArn} was not found.`);
      }
      detachManaged(access, given.RoleName, given.PolicyArn);
      await userMade.save();
      return {};
    },

    ListAttachedRolePolicies: async (input) => {
      const { RoleName: name, ...paging } = parseInput(inputs.listOf, input);
      const { page, rest } = pageOf(existingRole(access, name).managed, (arn) => arn, paging);
      return {
        AttachedPolicies: page.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn })),
        ...rest,
      };
    },
  };
}

function described(role: Role): object {
  return {
    Path: pathOf(role),
    RoleName: role.name,
    RoleId: uniqueId('AROA', role.name),
    Arn: role.arn,
    CreateDate: new Date(role.createdAtMs ?? 0),
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds ?? 3_600,
    ...(role.permissionsBoundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'Policy',
        PermissionsBoundaryArn: role.permissionsBoundary,
      },
    }),
  };
}

function pathOf({ arn, name }: Role): string {
  return arn.slice(arn.indexOf('/'), arn.length - name.length);
}

function inlinePolicy({ inline }: Role, name: string): Role['inline'][number] {
  const policy = inline.find((each) => each.name === name);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
}

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { statusCode: 409 });
}
