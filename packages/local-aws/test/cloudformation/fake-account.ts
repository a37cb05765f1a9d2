import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { z } from 'zod';
import { type ResourceType, resourceType } from '../../src/assembly/resource-type.ts';
import { LocalStackEngine } from '../../src/cloudformation/engine.ts';
import type { Stack, StackInput } from '../../src/cloudformation/stack.ts';
import { type StackRecord, stackFileSchema } from '../../src/cloudformation/stack-record.ts';
import { StackText } from '../../src/cloudformation/stack-text.ts';
import { emptyAccess } from '../iam/empty-access.ts';

interface Thing {
  readonly id: string;
  readonly properties: JsonObject;
  readonly isDurable: boolean;
}

/**
 * An account of things that exist, behind resource types that need no service: `Test::Durable` survives a restart,
 * `Test::Volatile` does not, `Test::Last` neither and is created last, `Test::Nothing` has no effect. A change of `Key`
 * replaces a thing. Every call and every write of a stack is a step at which the machine can be made to stop.
 */
export class FakeAccount {
  /** By type and name. */
  readonly things = new Map<string, Thing>();
  readonly calls: string[] = [];
  /** Names that were looked for. */
  readonly looks: string[] = [];
  readonly log: string[] = [];
  readonly files = new Map<string, string>();
  readonly clock = new ManualClock();
  /** Fails the calls of these names: `create A`. */
  readonly failing = new Map<string, Error>();
  /** Fails the next call of this name. */
  failingOnce: string | undefined;
  /** Awaited by the calls of these names. */
  readonly gates = new Map<string, Promise<void>>();
  engine: LocalStackEngine;
  #stepsLeft = Number.POSITIVE_INFINITY;
  #stopped = Promise.withResolvers<void>();
  #life = 0;
  #ids = 0;
  readonly #random = seededRandom(1);
  readonly #clients: AwsClients = createClients({ endpoint: 'http://127.0.0.1:1' });

  constructor() {
    this.engine = this.#engineOfThisLife();
  }

  /** Stops the machine at a step, counted from 1. Nothing happens after it. */
  stopAt(step: number): Promise<void> {
    this.#stepsLeft = step;
    return this.#stopped.promise;
  }

  /** Starts anew with what was durable, for a number of steps. Resolves after the start, or the last step. */
  async restart(
    app: readonly StackInput[] = [],
    steps = Number.POSITIVE_INFINITY,
    isAccountEmpty = false,
  ): Promise<void> {
    this.#life += 1;
    this.#stepsLeft = steps;
    this.#stopped = Promise.withResolvers();
    for (const [key, { isDurable }] of this.things) if (!isDurable) this.things.delete(key);
    this.engine = this.#engineOfThisLife();
    await Promise.race([this.engine.start(app, { isAccountEmpty }), this.#stopped.promise]);
  }

  /** Resolves with the stack when the operation is over. */
  async deploy(template: object, options: Partial<StackInput> = {}): Promise<Stack> {
    const { done } = await this.engine.deploy({ name: 'S', templateText: JSON.stringify(template), ...options });
    return done;
  }

  async remove(name = 'S', options: { retain?: string[] } = {}): Promise<Stack> {
    return (await this.engine.remove(name, options)).done;
  }

  /** Names of what exists. */
  get names(): string[] {
    return [...this.things.keys()].sort();
  }

  /** Statuses of a stack and its resources so far, oldest first. */
  events(name = 'S'): string[] {
    const id = this.engine.stacks().find((stack) => stack.name === name)?.id ?? '';
    return [...this.engine.events(id)]
      .reverse()
      .map(({ logicalId, status, reason }) => `${logicalId} ${status}${reason === undefined ? '' : ` ${reason}`}`);
  }

  close(): void {
    this.#clients.destroy();
  }

  #engineOfThisLife(): LocalStackEngine {
    const life = this.#life;
    const records: StackRecord[] = [...this.files.values()].map((text) => stackFileSchema.parse(JSON.parse(text)));
    const texts = new Map<StackRecord, StackText>();
    const step = () => this.#step(life);
    const named = (name: string) => records.find((each) => each.name === name && each.status !== 'DELETE_COMPLETE');
    return new LocalStackEngine({
      store: {
        all: records,
        named,
        find: (nameOrId) => records.find(({ id }) => id === nameOrId) ?? named(nameOrId),
        save: async (record) => {
          if (!records.includes(record)) records.push(record);
          const text = texts.get(record) ?? new StackText(record);
          texts.set(record, text);
          await step();
          this.files.set(record.id, text.bytes().toString());
          await step();
        },
      },
      types: this.#types(step),
      context: () => ({ clients: this.#clients, access: emptyAccess(), clock: this.clock, shardsPerOnDemandStream: 1 }),
      environment: { region: 'r', accountId: '1', partition: 'aws', urlSuffix: 'u' },
      random: this.#random,
      onStack: () => {},
      log: (line) => this.log.push(line),
    });
  }

  /** Never resolves for a machine that has stopped. */
  async #step(life: number): Promise<void> {
    await null;
    if (life === this.#life) this.#stepsLeft -= 1;
    if (life === this.#life && this.#stepsLeft > 0) return;
    this.#stopped.resolve();
    await new Promise(() => {});
  }

  #types(step: () => Promise<void>): ReadonlyMap<string, ResourceType> {
    const call = async <T>(what: string, effect: () => T): Promise<T> => {
      await step();
      this.calls.push(what);
      await this.gates.get(what);
      const failure = this.failing.get(what);
      if (failure !== undefined) throw failure;
      if (this.failingOnce === what) {
        this.failingOnce = undefined;
        throw new Error('full');
      }
      const result = effect();
      await step();
      return result;
    };
    const thing = (type: string, { isDurable, createLast }: { isDurable: boolean; createLast: boolean }) => {
      const keyOf = (name: string) => `${type} ${name}`;
      const put = (name: string, properties: JsonObject, id: string) => {
        this.things.set(keyOf(name), { id, properties, isDurable });
        return { ref: name, attributes: { Arn: `arn:aws:t:r:1:${name}`, Value: String(properties.Value ?? '') } };
      };
      return resourceType({
        type: `Test::${type}`,
        nameProperty: 'Name',
        nameMaxLength: 40,
        attributes: ['Arn', 'Value'],
        inert: {},
        createLast,
        createOnly: ['Key'],
        schema: z.strictObject({
          Name: z.string().optional(),
          Key: z.string().optional(),
          Value: z.string().optional(),
          To: z.array(z.string()).optional(),
        }),
        create: ({ logicalId, physicalName }, properties) =>
          call(`create ${logicalId}`, () => {
            const existing = this.things.get(keyOf(physicalName));
            this.#ids += 1;
            return put(physicalName, properties, existing?.id ?? String(this.#ids));
          }),
        exists: async ({ physicalName }) => {
          this.looks.push(physicalName);
          return this.things.has(keyOf(physicalName));
        },
        update: ({ logicalId, physicalName }, properties) =>
          call(`update ${logicalId}`, () => {
            const existing = this.things.get(keyOf(physicalName));
            if (existing === undefined) throw new Error(`${physicalName} is not there`);
            return put(physicalName, properties, existing.id);
          }),
        delete: ({ logicalId, physicalName }) =>
          call(`delete ${logicalId}`, () => void this.things.delete(keyOf(physicalName))),
      });
    };
    const all: ResourceType[] = [
      thing('Durable', { isDurable: true, createLast: false }),
      thing('Volatile', { isDurable: false, createLast: false }),
      thing('Last', { isDurable: false, createLast: true }),
      {
        handling: 'inert',
        type: 'Test::Nothing',
        reason: 'it does nothing',
        identify: ({ physicalName }) => ({ ref: physicalName, attributes: { Arn: `arn:${physicalName}` } }),
      },
    ];
    return new Map(all.map((type) => [type.type, type]));
  }
}

/** A resource of a template. */
export function resource(type: string, properties: object = {}, rest: object = {}): object {
  return { Type: `Test::${type}`, Properties: properties, ...rest };
}
