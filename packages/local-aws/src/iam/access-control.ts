import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Caller } from './caller.ts';

/**
 * One question of an API call. A call may ask several: BatchWriteItem of two tables asks two.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface AccessRequest {
  /** `dynamodb:UpdateItem` */
  readonly action: string;
  /** An ARN; `*` for an action without resources. */
  readonly resource: string;
  /** Condition keys beside those of every call. Names in any case. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The answer, with AWS's sentence for what is denied. */
export type Decision =
  | { readonly isAllowed: true }
  /**
   * `sentence`: `User: arn:aws:sts::…:assumed-role/R/s is not authorized to perform: dynamodb:UpdateItem on resource:
   * arn:… because no identity-based policy allows the dynamodb:UpdateItem action`.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
   */
  | { readonly isAllowed: false; readonly sentence: string };

/** A policy by its name, as it is in the template with every function resolved. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: JsonObject;
}

/** A role with all that decides what it may do. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Who may assume it. */
  readonly trust: JsonObject;
  /** Its own policies, by name. */
  readonly inline: readonly NamedPolicy[];
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
  readonly permissionsBoundary?: string;
}

/** What the account's roles and resource policies allow. In memory: the stacks' resources put it there at each start. */
export interface AccessControl {
  /**
   * Decides one question. Throws AwsError `MalformedPolicyDocument`-like never: policies are checked when they are put.
   */
  decide(caller: Caller, request: AccessRequest): Decision;
  /** Whether a service (`pipes.amazonaws.com`) may assume a role by its trust policy. */
  mayAssume(
    roleArn: string,
    servicePrincipal: string,
    context?: Readonly<Record<string, string | readonly string[]>>,
  ): Decision;
  /** Puts a role in the place of one of the same name. Throws AwsError MalformedPolicyDocument, naming what is wrong. */
  putRole(role: Role): void;
  role(name: string): Role | undefined;
  roles(): readonly Role[];
  deleteRole(name: string): void;
  /** A customer's managed policy by its ARN. */
  putManagedPolicy(arn: string, document: JsonObject): void;
  deleteManagedPolicy(arn: string): void;
  /** The policy of a resource: bucket, queue, topic, key, function. `name` tells several of one resource apart. */
  putResourcePolicy(resourceArn: string, policy: NamedPolicy): void;
  resourcePolicies(resourceArn: string): readonly NamedPolicy[];
  deleteResourcePolicy(resourceArn: string, name: string): void;
}
