import { afterEach, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { StackLoadError } from '../../src/assembly/errors.ts';
import { loadStack } from '../../src/assembly/load-stack.ts';
import type { ResolvedResource, ResolvedTemplate } from '../../src/assembly/resolve-template.ts';
import type { CreatedResource } from '../../src/assembly/resource-type.ts';
import { sqsQueue } from '../../src/assembly/resources/sqs-queue.ts';
import { emptyAccess } from '../iam/empty-access.ts';

const environment = {
  stackName: 'Stack',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};
const clients: AwsClients = createClients({ endpoint: 'http://127.0.0.1:1' });
afterEach(() => clients.destroy());
const context = {
  clients,
  access: emptyAccess(),
  clock: new ManualClock(),
  assets: new Map(),
  shardsPerOnDemandStream: 1,
};

type Create = (identity: { physicalName: string }) => Promise<CreatedResource>;

function resource(logicalId: string, dependencies: string[], create: Create, properties = {}): ResolvedResource {
  return {
    logicalId,
    physicalName: `Stack-${logicalId}`,
    environment,
    dependencies: new Set(dependencies),
    properties: () => properties,
    type: { ...sqsQueue, create },
  };
}

const stackOf = (resources: ResolvedResource[]): ResolvedTemplate => ({
  environment,
  resources,
  inert: [],
  ignored: [],
  imports: [],
  outputs: (created) => [...created].map(([key, { ref }]) => ({ key, value: ref })),
});

it('creates independent resources concurrently, and others after their dependencies', async () => {
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const create =
    (name: string, wait: Promise<void>): Create =>
    async ({ physicalName }) => {
      log.push(`${name} begins`);
      await wait;
      log.push(`${name} exists`);
      return { ref: physicalName, attributes: {} };
    };
  const loading = loadStack(
    stackOf([
      resource('Slow', [], create('Slow', gate.promise)),
      resource('Quick', [], create('Quick', Promise.resolve())),
      resource('Late', ['Slow', 'Quick'], create('Late', Promise.resolve())),
    ]),
    context,
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(['Slow begins', 'Quick begins', 'Quick exists']);
  gate.resolve();
  const { outputs } = await loading;
  expect(log.slice(3)).toEqual(['Slow exists', 'Late begins', 'Late exists']);
  expect(outputs).toContainEqual({ key: 'Late', value: 'Stack-Late' });
});

it('gives a resource the name in its properties', async () => {
  const named = resource('A', [], async ({ physicalName }) => ({ ref: physicalName, attributes: {} }), {
    QueueName: 'mine',
  });
  expect((await loadStack(stackOf([named]), context)).created.get('A')?.ref).toBe('mine');
});

it('reports every failure, skips dependents, and creates the rest', async () => {
  const tried: string[] = [];
  const good: Create = async ({ physicalName }) => {
    tried.push(physicalName);
    return { ref: physicalName, attributes: {} };
  };
  const bad =
    (message: string): Create =>
    async () => {
      throw Object.assign(new Error(message), { name: 'LimitExceededException' });
    };
  const loading = loadStack(
    stackOf([
      resource('A', [], bad('too many')),
      resource('B', ['A'], good),
      resource('C', ['B'], good),
      resource('D', [], good),
      resource('E', ['D'], bad('no room')),
    ]),
    context,
  );
  const error = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StackLoadError);
  expect(error).toMatchObject({
    message:
      'Stack Stack could not be created:\n' +
      '  A (AWS::SQS::Queue): LimitExceededException: too many\n' +
      '  E (AWS::SQS::Queue): LimitExceededException: no room',
  });
  expect(tried).toEqual(['Stack-D']);
});

it('reports failures in the order of the template', async () => {
  const gate = Promise.withResolvers<void>();
  const slow: Create = async () => {
    await gate.promise;
    throw new Error('slow');
  };
  const quick: Create = async () => {
    gate.resolve();
    throw new Error('quick');
  };
  const loading = loadStack(stackOf([resource('Slow', [], slow), resource('Quick', [], quick)]), context);
  await expect(loading).rejects.toThrow(/slow.*quick/s);
});
