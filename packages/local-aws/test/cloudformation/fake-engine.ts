import { isDeepStrictEqual } from 'node:util';
import { type ResolvedTemplate, resolveTemplate } from '../../src/assembly/resolve-template.ts';
import type {
  ResourceChange,
  Stack,
  StackEngine,
  StackEvent,
  StackInput,
  StackOperation,
  StackPlan,
  StackResource,
} from '../../src/cloudformation/stack.ts';
import { checkUnprotected } from '../../src/cloudformation/stack-status.ts';
import { parseTemplateText } from '../../src/cloudformation/template-text.ts';
import { AwsError } from '../../src/gateway/aws-error.ts';

const environment = { region: 'us-east-1', accountId: '000000000000', partition: 'aws', urlSuffix: 'amazonaws.com' };

/**
 * An engine that creates nothing: it keeps what the API asks of it. Time is a counter of seconds, so that answers are
 * the same in every run.
 */
export class FakeEngine implements StackEngine {
  /** What `deploy` and `remove` were asked, in order. */
  readonly asked: unknown[] = [];
  /** A property value that lets the creation of its resource fail. */
  static readonly FAILING = 'fails';
  /** A stack without resources. */
  static stack(name: string): Stack {
    return {
      ...{ id: `arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/made`, name, status: 'CREATE_COMPLETE' },
      templateText: '{"Resources": {"R": {"Type": "AWS::SQS::Queue"}}}',
      ...{ parameters: {}, tags: {}, capabilities: [], outputs: [], imports: [], resources: [] },
      ...{ createdAtMs: Date.UTC(2026, 0, 2), disableRollback: false, terminationProtection: false },
    };
  }

  /** Operations end once this resolves. */
  hold: Promise<void> = Promise.resolve();
  readonly #stacks: Stack[] = [];
  readonly #events = new Map<string, StackEvent[]>();
  #seconds = 0;

  put(stack: Stack): void {
    const known = this.#stacks.findIndex(({ id }) => id === stack.id);
    if (known >= 0) this.#stacks[known] = stack;
    else this.#stacks.unshift(stack);
  }

  async plan(input: StackInput): Promise<StackPlan> {
    const existing = this.find(input.name);
    const wanted = this.#resources(input);
    const former = existing?.resources ?? [];
    const changes: ResourceChange[] = [];
    for (const resource of wanted) {
      const { logicalId, type, properties } = resource;
      const known = former.find((each) => each.logicalId === logicalId);
      if (known === undefined) changes.push({ action: 'Add', logicalId, type, properties: [], changesTags: false });
      else if (!isDeepStrictEqual(known.properties, properties)) {
        const names = [...new Set([...Object.keys(known.properties), ...Object.keys(properties)])];
        changes.push({
          ...{ action: 'Modify', logicalId, type, physicalId: known.ref, replacement: 'False', changesTags: false },
          properties: names
            .filter((name) => !isDeepStrictEqual(known.properties[name], properties[name]))
            .map((name) => ({ name, recreates: 'Never' })),
        });
      }
    }
    for (const { logicalId, type, ref } of former) {
      if (wanted.some((each) => each.logicalId === logicalId)) continue;
      changes.push({
        ...{ action: 'Remove', logicalId, physicalId: ref, type, policyAction: 'Delete', properties: [] },
        changesTags: false,
      });
    }
    const changesStack = existing !== undefined && !isDeepStrictEqual(existing.tags, input.tags ?? {});
    return { isCreation: existing === undefined, changes, changesStack };
  }

  async deploy(input: StackInput): Promise<StackOperation> {
    const plan = await this.plan(input);
    if (!plan.isCreation && plan.changes.length === 0 && !plan.changesStack) {
      throw new AwsError('ValidationError', 'No updates are to be performed.');
    }
    this.asked.push({ deploy: input });
    const existing = this.find(input.name);
    const id = existing?.id ?? input.id ?? `arn:aws:cloudformation:us-east-1:000000000000:stack/${input.name}/made`;
    const kind = existing === undefined ? 'CREATE' : 'UPDATE';
    const begun: Stack = {
      ...{ id, name: input.name, status: `${kind}_IN_PROGRESS`, templateText: input.templateText },
      parameters: input.parameters ?? {},
      tags: input.tags ?? {},
      capabilities: input.capabilities ?? [],
      outputs: [],
      imports: [],
      resources: existing?.resources ?? [],
      createdAtMs: existing?.createdAtMs ?? this.#now(),
      ...(existing && { updatedAtMs: this.#now() }),
      disableRollback: input.disableRollback ?? false,
      terminationProtection: existing?.terminationProtection ?? false,
      ...(input.roleArn !== undefined && { roleArn: input.roleArn }),
    };
    this.put(begun);
    this.#event(begun, input.clientRequestToken);
    return { stackId: id, done: this.hold.then(() => this.#end(begun, input, kind)) };
  }

  async remove(nameOrId: string, options: { retain?: readonly string[] } = {}): Promise<StackOperation> {
    const stack = this.find(nameOrId);
    if (stack === undefined) throw new AwsError('ValidationError', `Stack [${nameOrId}] does not exist`);
    checkUnprotected(stack);
    if (stack.status === 'UPDATE_IN_PROGRESS') {
      throw new AwsError('ValidationError', `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
    }
    this.asked.push({ remove: stack.name, ...options });
    const done = this.hold.then(() => {
      const deleted: Stack = { ...stack, status: 'DELETE_COMPLETE', resources: [], deletedAtMs: this.#now() };
      this.put(deleted);
      this.#event(deleted);
      return deleted;
    });
    return { stackId: stack.id, done };
  }

  async cancelUpdate(nameOrId: string, options: object = {}): Promise<StackOperation> {
    return this.#rolledBack('cancelUpdate', nameOrId, options);
  }

  async rollBack(nameOrId: string, options: object = {}): Promise<StackOperation> {
    return this.#rolledBack('rollBack', nameOrId, options);
  }

  async continueRollback(nameOrId: string, options: object = {}): Promise<StackOperation> {
    return this.#rolledBack('continueRollback', nameOrId, options);
  }

  #rolledBack(what: string, nameOrId: string, options: object): StackOperation {
    const stack = this.find(nameOrId);
    if (stack === undefined) throw new AwsError('ValidationError', `Stack [${nameOrId}] does not exist`);
    this.asked.push({ [what]: stack.name, ...options });
    const ended: Stack = { ...stack, status: 'UPDATE_ROLLBACK_COMPLETE' };
    this.put(ended);
    return { stackId: stack.id, done: Promise.resolve(ended) };
  }

  async protect(nameOrId: string, terminationProtection: boolean): Promise<Stack> {
    const stack = this.find(nameOrId);
    if (stack === undefined) throw new AwsError('ValidationError', `Stack [${nameOrId}] does not exist`);
    const changed = { ...stack, terminationProtection };
    this.put(changed);
    return changed;
  }

  find(nameOrId: string): Stack | undefined {
    return this.#stacks.find(
      ({ id, name, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    );
  }

  stacks(): readonly Stack[] {
    return this.#stacks;
  }

  events(stackId: string): readonly StackEvent[] {
    return this.#events.get(stackId) ?? [];
  }

  #end(begun: Stack, input: StackInput, kind: 'CREATE' | 'UPDATE'): Stack {
    const isFailing = input.templateText.includes(`"${FakeEngine.FAILING}"`);
    const failed = kind === 'CREATE' ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
    const ended: Stack = isFailing
      ? { ...begun, status: failed, resources: kind === 'CREATE' ? [] : begun.resources }
      : { ...begun, status: `${kind}_COMPLETE`, ...this.#made(input) };
    this.put(ended);
    this.#event(ended, input.clientRequestToken);
    return ended;
  }

  #outputs({ templateText }: StackInput): Stack['outputs'] {
    return Object.entries(parseTemplateText(templateText).Outputs).map(([key, { Value, Export }]) => ({
      ...{ key, value: String(Value) },
      ...(Export !== undefined && { exportName: String(Export.Name) }),
    }));
  }

  #made(input: StackInput): Pick<Stack, 'resources' | 'outputs' | 'imports'> {
    const imports = this.#resolved(input).imports.map(({ name }) => name);
    return { resources: this.#resources(input), outputs: this.#outputs(input), imports };
  }

  #resolved({ name, templateText, parameters = {} }: StackInput): ResolvedTemplate {
    const options = { environment: { ...environment, stackName: name }, parameters };
    return resolveTemplate(parseTemplateText(templateText), options);
  }

  #resources(input: StackInput): StackResource[] {
    const { name, templateText } = input;
    this.#resolved(input); // Throws for what cannot run.
    const template = parseTemplateText(templateText);
    return Object.entries(template.Resources).map(([logicalId, { Type: type, Properties: properties = {} }]) => ({
      ...{ logicalId, type, properties, physicalName: `${name}-${logicalId}`, ref: `${name}-${logicalId}` },
      ...{ attributes: {}, deletionPolicy: 'Delete', status: 'CREATE_COMPLETE', updatedAtMs: this.#now() },
    }));
  }

  #event({ id, name, status }: Stack, clientRequestToken?: string): void {
    const events = this.#events.get(id) ?? [];
    events.unshift({
      ...{ eventId: `${name}-${events.length + 1}`, logicalId: name, physicalId: id, status, atMs: this.#now() },
      type: 'AWS::CloudFormation::Stack',
      ...(clientRequestToken !== undefined && { clientRequestToken }),
    });
    this.#events.set(id, events);
  }

  #now(): number {
    this.#seconds += 1;
    return Date.UTC(2026, 0, 2) + this.#seconds * 1000;
  }
}
