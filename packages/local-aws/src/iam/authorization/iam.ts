import { type Asked, anything, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

const iamArn = ({ accountId }: Asked, resource: string): string => `arn:aws:iam::${accountId}:${resource}`;
/** A path is in the ARN, between slashes. */
const pathOf = ({ input }: Asked): string => (typeof input.Path === 'string' ? input.Path.slice(1) : '');
const onRole: ResourceOf = (asked) => iamArn(asked, `role/${pathOf(asked)}${textOf(asked.input.RoleName)}`);
const onNewPolicy: ResourceOf = (asked) => iamArn(asked, `policy/${pathOf(asked)}${textOf(asked.input.PolicyName)}`);
const onPolicy: ResourceOf = ({ input }) => textOf(input.PolicyArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iam: Rows = {
  ...sameAction('iam', onRole, [
    ...['AttachRolePolicy', 'CreateRole', 'DeleteRole', 'DeleteRolePermissionsBoundary', 'DeleteRolePolicy'],
    ...['DetachRolePolicy', 'GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListInstanceProfilesForRole'],
    ...['ListRolePolicies', 'ListRoleTags', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'TagRole', 'UntagRole'],
    ...['UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'],
  ]),
  ...sameAction('iam', onNewPolicy, ['CreatePolicy']),
  ...sameAction('iam', onPolicy, [
    ...['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'GetPolicy', 'GetPolicyVersion'],
    ...['ListEntitiesForPolicy', 'ListPolicyTags', 'ListPolicyVersions', 'SetDefaultPolicyVersion', 'TagPolicy'],
    'UntagPolicy',
  ]),
  ...sameAction('iam', ({ input }) => textOf(input.PolicySourceArn), ['SimulatePrincipalPolicy']),
  ...sameAction('iam', anything, [
    ...['GetAccountSummary', 'ListAccountAliases', 'ListPolicies', 'ListRoles', 'SimulateCustomPolicy'],
  ]),
};
