import type { JsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';
import type {
  AccessControl,
  AccessRequest,
  Account,
  ContextKeys,
  Decision,
  EncryptionKey,
  ManagedPolicy,
  NamedPolicy,
  Role,
} from './access-control.ts';
import type { Caller } from './caller.ts';
import { type ApplicablePolicies, decide } from './decide.ts';
import { type DenyingPolicy, denialSentence } from './denial.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { compilePolicy, type Policy, type PolicyKind } from './policy-document.ts';
import type { AskingPrincipal } from './principals.ts';
import { requestKeys } from './request-keys.ts';
import { defaultTopicPolicy, encryptedResource, isKeyArn, policyOwner } from './resource-owners.ts';
import { roleNameOf, sessionArn, uniqueId } from './role-names.ts';

const ALLOWED: Decision = { isAllowed: true };
/** Decisions that are kept. Beyond that all are dropped: keys of objects have no end. */
const MOST_KEPT = 10_000;

interface Compiled<T> {
  readonly source: T;
  readonly policy: Policy;
}

interface CompiledRole {
  readonly role: Role;
  readonly trust: Policy;
  readonly inline: readonly Policy[];
}

/** The account's roles and policies in memory. */
export function createAccessControl(account: Account): AccessControl {
  return new AccessStore(account);
}

class AccessStore implements AccessControl {
  readonly #account: Account;
  readonly #roles = new Map<string, CompiledRole>();
  readonly #managed = new Map<string, Compiled<ManagedPolicy>>();
  /** By the ARN of the resource, then by name. */
  readonly #resources = new Map<string, Map<string, Compiled<NamedPolicy>>>();
  /** By the ARN of what they encrypt. */
  readonly #keys = new Map<string, EncryptionKey>();
  readonly #kept = new Map<string, Decision>();
  readonly #topicDefault: Policy;
  readonly #conditionKeys = new Set<string>();

  constructor(account: Account) {
    this.#account = account;
    this.#topicDefault = compilePolicy(defaultTopicPolicy(account.accountId), 'resource');
  }

  decide(caller: Caller, request: AccessRequest): Decision {
    if (caller.kind === 'administrator' || caller.kind === 'runtime') return ALLOWED;
    const session =
      caller.kind === 'role' ? `${caller.roleName}/${caller.sessionName}` : `${caller.principal} ${caller.sourceArn}`;
    const key = `${caller.kind} ${session} ${request.action} ${request.resource}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const { decision, mayKeep } = this.#ask(caller, request, {
      ...this.#policiesOf(caller),
      resource: this.#resourcePolicies(request.resource),
      resourceMustAllow: isKeyArn(request.resource) && this.#resources.has(request.resource),
    });
    if (mayKeep) {
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(key, decision);
    }
    return decision;
  }

  mayAssume(roleArn: string, servicePrincipal: string, context?: ContextKeys): Decision {
    const sourceArn = Object.entries(context ?? {}).find(([name]) => name.toLowerCase() === 'aws:sourcearn')?.[1];
    const caller: Caller = {
      kind: 'service',
      principal: servicePrincipal,
      sourceArn: typeof sourceArn === 'string' ? sourceArn : '',
    };
    return this.mayCallAssumeRole(caller, roleArn, context);
  }

  mayCallAssumeRole(caller: Caller, roleArn: string, context?: ContextKeys): Decision {
    const name = roleNameOf(roleArn);
    const found = name === undefined ? undefined : this.#roles.get(name);
    const trust = found?.role.arn === roleArn ? [found.trust] : [];
    const request = { action: 'sts:AssumeRole', resource: roleArn, ...(context && { context }) };
    return this.#ask(
      caller,
      request,
      { ...this.#policiesOf(caller), resource: trust, resourceMustAllow: true },
      'trust',
    ).decision;
  }

  putRole(role: Role): void {
    const trust = this.#compile(role.trust, 'trust');
    const inline = role.inline.map(({ document }) => this.#compile(document, 'identity'));
    const boundary = role.permissionsBoundary === undefined ? [] : [role.permissionsBoundary];
    for (const arn of [...role.managed, ...boundary]) {
      if (this.#findManaged(arn) === undefined) {
        throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, { statusCode: 404 });
      }
    }
    this.#roles.set(role.name, { role, trust, inline });
    this.#kept.clear();
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name)?.role;
  }

  roles(): readonly Role[] {
    return [...this.#roles.values()].map(({ role }) => role);
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
    this.#kept.clear();
  }

  putManagedPolicy(policy: ManagedPolicy): void {
    this.#managed.set(policy.arn, { source: policy, policy: this.#compile(policy.document, 'identity') });
    this.#kept.clear();
  }

  managedPolicy(arn: string): ManagedPolicy | undefined {
    return this.#findManaged(arn)?.source;
  }

  managedPolicies(): readonly ManagedPolicy[] {
    return [...this.#managed.values()]
      .map(({ source }) => source)
      .filter(({ arn }) => awsManagedPolicy(arn) === undefined);
  }

  deleteManagedPolicy(arn: string): void {
    this.#managed.delete(arn);
    this.#kept.clear();
  }

  putResourcePolicy(resourceArn: string, policy: NamedPolicy): void {
    const compiled = { source: policy, policy: this.#compile(policy.document, 'resource') };
    this.#resources.set(resourceArn, (this.#resources.get(resourceArn) ?? new Map()).set(policy.name, compiled));
    this.#kept.clear();
  }

  resourcePolicies(resourceArn: string): readonly NamedPolicy[] {
    return [...(this.#resources.get(resourceArn)?.values() ?? [])].map(({ source }) => source);
  }

  deleteResourcePolicy(resourceArn: string, name: string): void {
    const policies = this.#resources.get(resourceArn);
    policies?.delete(name);
    if (policies?.size === 0) this.#resources.delete(resourceArn);
    this.#kept.clear();
  }

  putEncryptionKey(resourceArn: string, key: EncryptionKey | undefined): void {
    if (key === undefined) this.#keys.delete(resourceArn);
    else this.#keys.set(resourceArn, key);
  }

  encryptionKey(resourceArn: string): EncryptionKey | undefined {
    return this.#keys.size === 0 ? undefined : this.#keys.get(encryptedResource(resourceArn));
  }

  hasConditionOn(key: string): boolean {
    return this.#conditionKeys.has(key);
  }

  #compile(document: JsonObject, kind: PolicyKind): Policy {
    const policy = compilePolicy(document, kind);
    for (const { conditionKeys } of policy) for (const key of conditionKeys) this.#conditionKeys.add(key);
    return policy;
  }

  #ask(
    caller: Caller,
    request: AccessRequest,
    policies: ApplicablePolicies,
    resourcePolicy: Extract<DenyingPolicy, 'resource' | 'trust'> = 'resource',
  ): { decision: Decision; mayKeep: boolean } {
    const who = this.#principalOf(caller);
    const sourceArn = caller.kind === 'service' && caller.sourceArn !== '' ? caller.sourceArn : undefined;
    const keys = requestKeys(request, who, sourceArn, this.#account);
    const { action, resource } = request;
    const denial = decide({ who, action: action.toLowerCase(), resource, keys: keys.lookup }, policies);
    const mayKeep = !keys.variesByRequest();
    if (denial === undefined) return { decision: ALLOWED, mayKeep };
    const by = denial.by === 'resource' ? resourcePolicy : denial.by;
    const denied = { who: describePrincipal(who, sourceArn), action, resource, ...denial, by };
    return { decision: { isAllowed: false, sentence: denialSentence(denied), denied }, mayKeep };
  }

  #principalOf(caller: Caller): AskingPrincipal {
    const { accountId } = this.#account;
    switch (caller.kind) {
      case 'role':
        return {
          kind: 'role',
          accountId,
          roleArn: this.#roles.get(caller.roleName)?.role.arn ?? `arn:aws:iam::${accountId}:role/${caller.roleName}`,
          sessionArn: sessionArn(accountId, caller.roleName, caller.sessionName),
          hasBoundary: this.#roles.get(caller.roleName)?.role.permissionsBoundary !== undefined,
          userId: `${uniqueId('AROA', caller.roleName)}:${caller.sessionName}`,
        };
      case 'service':
        return { kind: 'service', name: caller.principal };
      case 'administrator':
      case 'runtime':
        return { kind: 'account', accountId };
    }
  }

  #policiesOf(caller: Caller): Pick<ApplicablePolicies, 'identity' | 'boundary'> {
    switch (caller.kind) {
      case 'role': {
        const found = this.#roles.get(caller.roleName);
        if (found === undefined) return { identity: [], boundary: undefined };
        const { managed, permissionsBoundary } = found.role;
        return {
          identity: [...found.inline, ...this.#compiled(managed)],
          boundary: permissionsBoundary === undefined ? undefined : this.#compiled([permissionsBoundary]),
        };
      }
      case 'service':
        return { identity: [], boundary: undefined };
      case 'administrator':
      case 'runtime':
        return { identity: 'everything', boundary: undefined };
    }
  }

  #resourcePolicies(resource: string): readonly Policy[] {
    const owner = policyOwner(resource);
    const policies = this.#resources.get(owner);
    if (policies !== undefined) return [...policies.values()].map(({ policy }) => policy);
    return owner.startsWith('arn:aws:sns:') ? [this.#topicDefault] : [];
  }

  /** One that was deleted allows nothing. */
  #compiled(managed: readonly string[]): Policy[] {
    return managed.map((arn) => this.#findManaged(arn)?.policy ?? []);
  }

  #findManaged(arn: string): Compiled<ManagedPolicy> | undefined {
    const found = this.#managed.get(arn);
    if (found !== undefined) return found;
    const document: JsonObject | undefined = awsManagedPolicy(arn);
    if (document === undefined) return undefined;
    // Compiled when first used: most stacks use none.
    const compiled = { source: { arn, document }, policy: this.#compile(document, 'identity') };
    this.#managed.set(arn, compiled);
    return compiled;
  }
}

function describePrincipal(who: AskingPrincipal, sourceArn: string | undefined): string {
  switch (who.kind) {
    case 'role':
      return `User: ${who.sessionArn}`;
    case 'service':
      return sourceArn === undefined ? `User: ${who.name}` : `Resource: ${sourceArn}`;
    case 'account':
      return `User: arn:aws:iam::${who.accountId}:root`;
  }
}
