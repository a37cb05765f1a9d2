import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import type { LocalService } from '../../gateway/local-service.ts';
import type { AccessControl, ManagedPolicy } from '../access-control.ts';
import { iamArn, iamPath } from '../iam-arn.ts';
import { uniqueId } from '../role-names.ts';
import { documentOf, encodedDocument, iamName, noSuchEntity, parseInput } from './input.ts';
import type { IamOptions } from './role-operations.ts';

/** A managed policy has one version here. */
const VERSION = 'v1';
const policyReference = z.strictObject({ PolicyArn: z.string() });
const createInput = z.strictObject({
  PolicyName: iamName,
  Path: iamPath.default('/'),
  PolicyDocument: z.string(),
  Description: z.string().optional(),
});

/** The managed policies' part of the IAM API. */
export function policyOperations({ access, clock, userMade }: IamOptions): LocalService['operations'] {
  return {
    CreatePolicy: async (input, { accountId }) => {
      const { PolicyName: name, Path: path, PolicyDocument, Description } = parseInput(createInput, input);
      const arn = iamArn({ partition: 'aws', accountId, kind: 'policy', path, name });
      if (access.managedPolicy(arn) !== undefined) {
        const message = `A policy called ${name} already exists. Duplicate names are not allowed.`;
        throw new AwsError('EntityAlreadyExists', message, { statusCode: 409 });
      }
      const policy: ManagedPolicy = {
        arn,
        document: documentOf(PolicyDocument),
        createdAtMs: clock.now(),
        ...(Description !== undefined && { description: Description }),
      };
      access.putManagedPolicy(policy);
      userMade.addManagedPolicy(arn);
      await userMade.save();
      return { Policy: described(policy, access) };
    },

    GetPolicy: async (input) => ({
      Policy: described(existingPolicy(access, parseInput(policyReference, input).PolicyArn), access),
    }),

    GetPolicyVersion: async (input) => {
      const { PolicyArn, VersionId } = parseInput(policyReference.extend({ VersionId: z.string() }), input);
      const { document, createdAtMs = 0 } = existingPolicy(access, PolicyArn);
      if (VersionId !== VERSION)
        throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
      return {
        PolicyVersion: {
          Document: encodedDocument(document),
          VersionId,
          IsDefaultVersion: true,
          CreateDate: new Date(createdAtMs),
        },
      };
    },

    DeletePolicy: async (input) => {
      const { arn } = existingPolicy(access, parseInput(policyReference, input).PolicyArn);
      if (attachments(access, arn) > 0) {
        const message = 'Cannot delete a policy attached to entities.';
        throw new AwsError('DeleteConflict', message, { statusCode: 409 });
      }
      access.deleteManagedPolicy(arn);
      await userMade.save();
      return {};
    },
  };
}

function described({ arn, description, createdAtMs = 0 }: ManagedPolicy, access: AccessControl): object {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return {
    PolicyName: name,
    PolicyId: uniqueId('ANPA', name),
    Arn: arn,
    Path: arn.slice(arn.indexOf('/'), arn.length - name.length),
    DefaultVersionId: VERSION,
    AttachmentCount: attachments(access, arn),
    PermissionsBoundaryUsageCount: access.roles().filter((role) => role.permissionsBoundary === arn).length,
    IsAttachable: true,
    Description: description,
    CreateDate: new Date(createdAtMs),
    UpdateDate: new Date(createdAtMs),
  };
}

function attachments(access: AccessControl, arn: string): number {
  return access.roles().filter(({ managed }) => managed.includes(arn)).length;
}

function existingPolicy(access: AccessControl, arn: string): ManagedPolicy {
  const policy = access.managedPolicy(arn);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`Policy ${arn} was not found.`);
}
