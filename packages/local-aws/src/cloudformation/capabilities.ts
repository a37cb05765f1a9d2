import type { Template } from '../assembly/template.ts';
import { AwsError } from '../gateway/aws-error.ts';

/** The property that names a resource of IAM; undefined for a type whose resources have no name of their own. */
const iamTypes: ReadonlyMap<string, string | undefined> = new Map([
  ['AWS::IAM::AccessKey', undefined],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', undefined],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', undefined],
]);

/** What a template asks its deployer to acknowledge, and why. Empty for most. */
export interface NeededCapabilities {
  readonly capability?: 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM';
  /** `The following resource(s) require capabilities: [AWS::IAM::Role]` */
  readonly reason?: string;
}

/**
 * The capability that a template needs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
export function neededCapabilities(template: Template): NeededCapabilities {
  const found = Object.values(template.Resources).filter(({ Type }) => iamTypes.has(Type));
  if (found.length === 0) return {};
  const isNamed = found.some(({ Type, Properties = {} }) => Object.hasOwn(Properties, iamTypes.get(Type) ?? ''));
  const types = [...new Set(found.map(({ Type }) => Type))].join(', ');
  return {
    capability: isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    reason: `The following resource(s) require capabilities: [${types}]`,
  };
}

/** Throws AwsError `InsufficientCapabilitiesException` when the template needs a capability that is not given. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const { capability } = neededCapabilities(template);
  if (capability === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(capability)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${capability}]`);
}
