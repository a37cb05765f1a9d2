import { describe, expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { support } from '../../../src/assembly/support.ts';
import { createAthenaService } from '../../../src/athena/service.ts';
import { createCloudControlService } from '../../../src/cloudcontrol/service.ts';
import { createCloudFormationService } from '../../../src/cloudformation/service.ts';
import { createCloudWatchService } from '../../../src/cloudwatch/service.ts';
import { MetricStore } from '../../../src/cloudwatch/store/metric-store.ts';
import { createComprehendService } from '../../../src/comprehend/service.ts';
import { kinesisOperations } from '../../../src/engines/kinesis-operations.ts';
import { sqsOperations } from '../../../src/engines/objects-engine.ts';
import { s3Operations } from '../../../src/engines/s3-operations.ts';
import { snsOperations } from '../../../src/engines/sns-service.ts';
import { createFirehoseService } from '../../../src/firehose/service.ts';
import { createGlueService } from '../../../src/glue/service.ts';
import { createAccessControl } from '../../../src/iam/access-store.ts';
import { createIamService } from '../../../src/iam/api/service.ts';
import { allRows, askedOf, questionsOf } from '../../../src/iam/authorization/questions.ts';
import { UserMade } from '../../../src/iam/user-made.ts';
import { createLambdaService } from '../../../src/lambda/service.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import { createPipesService } from '../../../src/pipes/service.ts';
import { createSchedulerService } from '../../../src/scheduler/service.ts';
import { ParameterStore } from '../../../src/ssm/parameter-store.ts';
import { createSsmService } from '../../../src/ssm/service.ts';
import { createStatesService } from '../../../src/states/service.ts';
import { createStsService } from '../../../src/sts/service.ts';
import { FakeEngine } from '../../cloudformation/fake-engine.ts';
import { questionCases } from './question-cases.ts';
import { wireRequest } from './requests.ts';

const rows = allRows({ execution: (id) => `group-of-${id}`, namedQuery: (id) => `group-of-${id}` });
const endpoint = { region: 'us-east-1', accountId: '000000000000' };
const clock = new ManualClock();
const access = createAccessControl({ clock, ...endpoint });
const parameters = await ParameterStore.open('/nowhere', clock);
const userMade = await UserMade.open('/nowhere', access, () => {});

describe('what a call asks', () => {
  it.each(questionCases)('$call: $asks', ({ call, given, asks, keys }) => {
    const [service = '', operation = ''] = call.split('.');
    const asked = askedOf({ service, operation, request: wireRequest(given) }, endpoint);
    const questions = questionsOf(rows, service, asked);
    expect(questions?.map(({ action, resource }) => `${action} on ${resource}`)).toEqual(asks);
    if (keys !== undefined) expect(questions?.[0]?.context).toMatchObject(keys);
  });

  it('an iterator of the engine is of the stream that it was asked for', () => {
    const StreamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/V/stream/2026-11-29T00:00:00.000';
    const ShardIterator = Buffer.from('{"table_name":"V","shard_id":"s"}').toString('base64');
    const ask = (operation: string, json: object) =>
      questionsOf(
        rows,
        'dynamodb',
        askedOf({ service: 'dynamodb', operation, request: wireRequest({ json }) }, endpoint),
      );
    ask('GetShardIterator', { StreamArn });
    expect(ask('GetRecords', { ShardIterator })).toEqual([{ action: 'dynamodb:GetRecords', resource: StreamArn }]);
  });

  it('an operation without a row asks nothing that is known', () => {
    const request = wireRequest({ json: { TableName: 'T' } });
    expect(
      questionsOf(rows, 'dynamodb', askedOf({ service: 'dynamodb', operation: 'toString', request }, endpoint)),
    ).toBe(undefined);
  });

  it('a body that is no JSON asks for a resource that no policy names', () => {
    const request = { ...wireRequest({ json: {} }), body: Buffer.from('{') };
    const asked = askedOf({ service: 'dynamodb', operation: 'GetItem', request }, endpoint);
    const questions = questionsOf(rows, 'dynamodb', asked);
    expect(questions?.map(({ action, resource, context }) => [action, resource, context])).toEqual([
      ['dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:000000000000:table/', {}],
    ]);
  });
});

describe('every operation of the endpoint has a row', () => {
  const metrics = new MetricStore(clock);
  const clients = () => createClients({ endpoint: 'http://127.0.0.1:1' });
  const common = {
    ...{ clock, random: seededRandom(1), dataFolder: '/nowhere', meter: unmetered, clients, log: () => {} },
    ...endpoint,
  };
  const unusedEngine = { findResource: () => undefined, changeResource: async () => {} };
  const services = [
    createAthenaService(common),
    createCloudFormationService({
      ...{ ...common, engine: () => new FakeEngine(), types: support, parameters, provideParameter: async () => {} },
    }),
    createCloudControlService({ ...common, engine: () => unusedEngine }),
    createSsmService({ parameters, provide: async () => {} }),
    createCloudWatchService({ ...common, metrics }),
    createComprehendService({ log: () => {} }),
    createFirehoseService({ ...common, functions: () => clients().lambda, maxBufferIntervalSeconds: 1 }),
    createGlueService(common),
    createLambdaService(common),
    createPipesService(common),
    createSchedulerService(common),
    createStatesService(common),
    createStsService({ clock, access }),
    createIamService({ access, clock, userMade }),
  ].map(({ signingName, operations }) => [signingName, Object.keys(operations)] as const);
  const engines = [
    ['kinesis', [...kinesisOperations, 'SubscribeToShard']],
    ['s3', s3Operations],
    ['sns', [...snsOperations]],
    ['sqs', [...sqsOperations]],
  ] as const;

  it.each([...services, ...engines])('%s', (service, operations) => {
    expect(operations.filter((operation) => !Object.hasOwn(rows[service] ?? {}, operation))).toEqual([]);
  });
});
