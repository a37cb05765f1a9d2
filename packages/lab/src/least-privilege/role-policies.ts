import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  paginateListRolePolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import type { Right, RoleWithPolicies } from './rights.ts';

/** The roles of a running account by IAM's API. */
export class RolePolicies {
  readonly #iam: IAMClient;

  constructor(endpoint: string) {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#iam = new IAMClient({ endpoint, region: 'us-east-1', credentials });
  }

  /** All roles with their own policies. */
  async read(): Promise<RoleWithPolicies[]> {
    const roles: RoleWithPolicies[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: this.#iam }, {})) {
      for (const { RoleName: name = '', Arn: arn = '', AssumeRolePolicyDocument } of Roles) {
        roles.push({ name, arn, trust: documentOf(AssumeRolePolicyDocument), policies: await this.#policiesOf(name) });
      }
    }
    return roles;
  }

  /** Takes a right from its role. */
  async take({ roleName: RoleName, policyName: PolicyName, without }: Right): Promise<void> {
    if (without === undefined) await this.#iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    else {
      const PolicyDocument = JSON.stringify(without);
      await this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }
  }

  /** Gives a role its policies back. */
  async restore({ name: RoleName, policies }: RoleWithPolicies): Promise<void> {
    for (const { name: PolicyName, document } of policies) {
      const PolicyDocument = JSON.stringify(document);
      await this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }
  }

  close(): void {
    this.#iam.destroy();
  }

  async #policiesOf(RoleName: string): Promise<{ name: string; document: JsonObject }[]> {
    const policies: { name: string; document: JsonObject }[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: this.#iam }, { RoleName })) {
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await this.#iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        policies.push({ name: PolicyName, document: documentOf(PolicyDocument) });
      }
    }
    return policies;
  }
}

/** IAM answers with documents that are encoded as in a URL. */
function documentOf(text = ''): JsonObject {
  const document = parseJson(decodeURIComponent(text));
  if (document === undefined || !isJsonObject(document)) throw new Error(`Not a policy: ${text}`);
  return document;
}
