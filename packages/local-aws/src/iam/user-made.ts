import { join } from 'node:path';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';
import type { AccessControl, ManagedPolicy, Role } from './access-control.ts';

const document: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const namedPolicy = z.strictObject({ name: z.string(), document });

const fileSchema = z.strictObject({
  policies: z.array(
    z.strictObject({
      arn: z.string(),
      document,
      description: z.string().exactOptional(),
      createdAtMs: z.number().exactOptional(),
    }),
  ),
  roles: z.array(
    z.strictObject({
      name: z.string(),
      arn: z.string(),
      trust: document,
      inline: z.array(namedPolicy),
      managed: z.array(z.string()),
      permissionsBoundary: z.string().exactOptional(),
      description: z.string().exactOptional(),
      maxSessionSeconds: z.number().exactOptional(),
      createdAtMs: z.number().exactOptional(),
    }),
  ),
  resourcePolicies: z.array(namedPolicy.extend({ resourceArn: z.string() })),
});

/**
 * What users have made by API calls, in `<data folder>/iam.json`. What stacks make is made again at each start and is
 * not in it, so a change of a user to a role of a stack is lost then.
 */
export class UserMade {
  readonly #access: AccessControl;
  readonly #file: DurableFile;
  readonly #roles = new Set<string>();
  readonly #policies = new Set<string>();
  /** `<ARN of the resource> <name>` */
  readonly #resourcePolicies = new Set<string>();

  private constructor(file: string, access: AccessControl) {
    this.#access = access;
    this.#file = new DurableFile(file, () => this.#content());
  }

  /**
   * Puts what the file has into `access`. A managed policy that is not there any more, as one of a stack is before the
   * stack, is taken from its roles. Rejects with DataFolderError for a file that does not fit.
   */
  static async open(dataFolder: string, access: AccessControl, log: (line: string) => void): Promise<UserMade> {
    const file = join(dataFolder, 'iam.json');
    const made = new UserMade(file, access);
    const state = await readDurable(file, fileSchema);
    for (const policy of state?.policies ?? []) made.#loadPolicy(policy);
    for (const role of state?.roles ?? []) made.#loadRole(role, log);
    for (const { resourceArn, ...policy } of state?.resourcePolicies ?? []) {
      access.putResourcePolicy(resourceArn, policy);
      made.#resourcePolicies.add(`${resourceArn} ${policy.name}`);
    }
    return made;
  }

  addRole(name: string): void {
    this.#roles.add(name);
  }

  addManagedPolicy(arn: string): void {
    this.#policies.add(arn);
  }

  addResourcePolicy(resourceArn: string, name: string): void {
    this.#resourcePolicies.add(`${resourceArn} ${name}`);
  }

  /** Resolves when all changes so far are on disk. What `access` does not have any more is forgotten. */
  save(): Promise<void> {
    return this.#file.save();
  }

  #loadPolicy(policy: ManagedPolicy): void {
    this.#access.putManagedPolicy(policy);
    this.#policies.add(policy.arn);
  }

  #loadRole({ permissionsBoundary, ...role }: Role, log: (line: string) => void): void {
    const isThere = (arn: string) => this.#access.managedPolicy(arn) !== undefined;
    const wanted = [...role.managed, ...(permissionsBoundary === undefined ? [] : [permissionsBoundary])];
    for (const arn of wanted.filter((each) => !isThere(each))) {
      log(`The role ${role.name} of iam.json loses the policy ${arn}, which is not there. Attach it again.`);
    }
    if (permissionsBoundary !== undefined && !isThere(permissionsBoundary)) return;
    this.#access.putRole({
      ...role,
      managed: role.managed.filter(isThere),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    });
    this.#roles.add(role.name);
  }

  #content(): z.infer<typeof fileSchema> {
    const roles = [...this.#roles].flatMap((name) => this.#access.role(name) ?? []);
    return {
      policies: [...this.#policies].flatMap((arn) => this.#access.managedPolicy(arn) ?? []),
      roles: roles.map((role) => ({ ...role, inline: [...role.inline], managed: [...role.managed] })),
      resourcePolicies: [...this.#resourcePolicies].flatMap((key) => {
        const [resourceArn = '', name = ''] = key.split(' ');
        const found = this.#access.resourcePolicies(resourceArn).find((policy) => policy.name === name);
        return found === undefined ? [] : [{ resourceArn, ...found }];
      }),
    };
  }
}
