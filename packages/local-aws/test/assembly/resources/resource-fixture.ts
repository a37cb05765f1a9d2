import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { CreatedResource, LoadContext, SupportedResourceType } from '../../../src/assembly/resource-type.ts';
import { emptyAccess } from '../../iam/empty-access.ts';

const environment = {
  stackName: 'Stack',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

/** A resource of one type and name, as a stack creates, changes and deletes it. */
export class ResourceFixture {
  readonly #type: SupportedResourceType;
  readonly #context: LoadContext;
  readonly #identity: { logicalId: string; physicalName: string; environment: typeof environment };
  #state: (CreatedResource & { properties: JsonObject }) | undefined;

  constructor(type: SupportedResourceType, physicalName: string, clients: AwsClients) {
    this.#type = type;
    this.#context = {
      clients,
      access: emptyAccess(),
      clock: systemClock,
      assets: new Map(),
      shardsPerOnDemandStream: 2,
    };
    this.#identity = { logicalId: 'Mine', physicalName, environment };
  }

  /** Throws for properties that the runtime does not accept. */
  async create(properties: JsonObject): Promise<CreatedResource> {
    this.#check(properties);
    const created = await this.#type.create(this.#identity, properties, this.#context);
    this.#state = { ...created, properties };
    return created;
  }

  /** Also fails where a stack would replace it. */
  async update(properties: JsonObject): Promise<CreatedResource> {
    this.#check(properties);
    const existing = this.#existing();
    if (this.#type.replaces(existing.properties, properties)) throw new Error('A stack would replace it.');
    const updated = await this.#type.update(existing, properties, this.#context);
    this.#state = { ...updated, properties };
    return updated;
  }

  exists(properties: JsonObject = this.#existing().properties): Promise<boolean> {
    return this.#type.exists(this.#identity, properties, this.#context);
  }

  delete(): Promise<void> {
    return this.#type.delete(this.#existing(), this.#context);
  }

  /** The customer's key of a resource after it has the properties, others, none, and after it is deleted. */
  async keysOf(arn: string, withKey: JsonObject, withOther: JsonObject, without: JsonObject): Promise<unknown[]> {
    const key = () => this.#context.access.encryptionKey(arn);
    await this.create(withKey);
    const keys = [key()];
    for (const properties of [withOther, without, withKey]) {
      await this.update(properties);
      keys.push(key());
    }
    await this.delete();
    return [...keys, key()];
  }

  #check(properties: JsonObject): void {
    const problems = this.#type.check('Mine', properties);
    if (problems.length > 0) throw new Error(problems.map(({ at, message }) => `${at}: ${message}`).join('\n'));
  }

  #existing() {
    if (this.#state === undefined) throw new Error('It was not created.');
    return { ...this.#identity, ...this.#state };
  }
}

/** Clients that lose the first answer to a command of this name, as on a connection that breaks, and try again. */
export function clientsThatLose(commandName: string, endpoint: string): AwsClients {
  const clients = createClients({ endpoint, region: 'us-east-1', maxAttempts: 2 });
  let isLost = false;
  for (const { middlewareStack } of [clients.dynamodb, clients.kinesis]) {
    middlewareStack.add(
      (next, context) => async (args) => {
        const output = await next(args);
        if (isLost || context.commandName !== commandName) return output;
        isLost = true;
        throw Object.assign(new Error('The answer is lost.'), { $retryable: {} });
      },
      { step: 'deserialize' },
    );
  }
  return clients;
}
