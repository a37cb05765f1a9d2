import type { Clock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Caller } from './caller.ts';
import type { DeniedRequest } from './denial.ts';

/** What is the same for every decision. */
export interface Account {
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Condition keys by name, in any case. */
export type ContextKeys = Readonly<Record<string, string | readonly string[]>>;

/**
 * One question of an API call. A call may ask several: BatchWriteItem of two tables asks two.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface AccessRequest {
  /** `dynamodb:UpdateItem` */
  readonly action: string;
  /** An ARN; `*` for an action without resources. */
  readonly resource: string;
  /**
   * Condition keys beside those that the store knows: `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`,
   * `aws:PrincipalIsAWSService`, `aws:userid`, `aws:SecureTransport`, `aws:SourceIp`, `aws:ResourceAccount`,
   * `aws:CurrentTime`, `aws:EpochTime`; of a service also `aws:SourceArn`, `aws:SourceAccount` and `aws:SourceOwner`.
   * `aws:RequestedRegion` is the runtime's where it is not given.
   */
  readonly context?: ContextKeys;
}

/** The answer, with AWS's sentence for what is denied. */
export type Decision =
  | { readonly isAllowed: true }
  /**
   * `sentence`: `User: arn:aws:sts::…:assumed-role/R/s is not authorized to perform: dynamodb:UpdateItem on resource:
   * arn:… because no identity-based policy allows the dynamodb:UpdateItem action`.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
   */
  | { readonly isAllowed: false; readonly sentence: string; readonly denied: DeniedRequest };

/** A policy by its name, as it is in the template with every function resolved. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: JsonObject;
}

/** A role with all that decides what it may do. */
export interface Role {
  readonly name: string;
  /** With its path: `arn:aws:iam::000000000000:role/service-role/R`. */
  readonly arn: string;
  /** Who may assume it. */
  readonly trust: JsonObject;
  /** Its own policies, by name. */
  readonly inline: readonly NamedPolicy[];
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  readonly description?: string;
  /** 3600-43200. Default 3600. */
  readonly maxSessionSeconds?: number;
  /** Default: not known. */
  readonly createdAtMs?: number;
}

/** A managed policy by its ARN. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly document: JsonObject;
  readonly description?: string;
  /** Default: not known. */
  readonly createdAtMs?: number;
}

/** A customer's key that encrypts a resource. */
export interface EncryptionKey {
  /** Of a key, not of an alias. */
  readonly arn: string;
  /** Whether S3 uses it once for many objects, which is another encryption context. Default: false. */
  readonly isBucketKey?: boolean;
}

/**
 * What the account's roles and resource policies allow. In memory: the stacks' resources put it there at each start.
 */
export interface AccessControl {
  /** Decides one question. Never throws: policies are checked when they are put. */
  decide(caller: Caller, request: AccessRequest): Decision;
  /**
   * Whether a service (`pipes.amazonaws.com`) may assume a role by its trust policy, with `aws:SourceArn` and the like
   * as context.
   */
  mayAssume(roleArn: string, servicePrincipal: string, context?: ContextKeys): Decision;
  /** Whether a caller may assume a role by sts:AssumeRole: by its own policies and by the role's trust policy. */
  mayCallAssumeRole(caller: Caller, roleArn: string, context?: ContextKeys): Decision;
  /** Whether a policy has, or had, a condition on a key, in lower case. */
  hasConditionOn(key: string): boolean;
  /**
   * Puts a role in the place of one of the same name. Throws AwsError MalformedPolicyDocument, naming what is wrong,
   * and NoSuchEntity for a managed policy that does not exist.
   */
  putRole(role: Role): void;
  role(name: string): Role | undefined;
  roles(): readonly Role[];
  deleteRole(name: string): void;
  /** Puts a customer's managed policy. Throws AwsError MalformedPolicyDocument. */
  putManagedPolicy(policy: ManagedPolicy): void;
  /** Of the customer, or of AWS. */
  managedPolicy(arn: string): ManagedPolicy | undefined;
  /** Those of the customer. */
  managedPolicies(): readonly ManagedPolicy[];
  /** Roles that have it lose what it allows. */
  deleteManagedPolicy(arn: string): void;
  /**
   * Puts a policy of a resource: bucket, queue, topic, key, function. `name` tells several of one resource apart.
   * Throws AwsError MalformedPolicyDocument.
   */
  putResourcePolicy(resourceArn: string, policy: NamedPolicy): void;
  resourcePolicies(resourceArn: string): readonly NamedPolicy[];
  deleteResourcePolicy(resourceArn: string, name: string): void;
  /** Says which customer's key encrypts a resource: a bucket, queue, topic, stream or table. Undefined: none. */
  putEncryptionKey(resourceArn: string, key: EncryptionKey | undefined): void;
  /** Of a resource or what is in it: an object, an index. */
  encryptionKey(resourceArn: string): EncryptionKey | undefined;
}
