import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  InvalidArn,
  InvalidDefinition,
  StartSyncExecutionCommand,
  TestStateCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import { createStatesService } from '../../src/states/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';
import { definitionText } from './fixture.ts';

let aws: TestEndpoint;
const states = createStatesService({
  clients: () => aws.clients,
  clock: systemClock,
  random: systemRandom,
  meter: unmetered,
});

beforeAll(async () => {
  aws = await startTestEndpoint({ services: [states] });
  await aws.clients.dynamodb.send(
    new CreateTableCommand({
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
});

afterAll(async () => {
  await states.stop();
  await aws.stop();
});

const roleArn = 'arn:aws:iam::000000000000:role/r';
let machines = 0;

/** Creates the machine and runs it once, over the wire as any SDK client does. */
async function run(definition: string, input: unknown = {}) {
  machines += 1;
  const { stateMachineArn } = await aws.clients.sfn.send(
    new CreateStateMachineCommand({ name: `machine-${machines}`, definition, roleArn, type: 'EXPRESS' }),
  );
  return aws.clients.sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
}

const put = (form: string, name: string) => ({
  [name]: {
    Type: 'Task',
    Resource: `arn:aws:states:::${form}:putItem`,
    Arguments: {
      TableName: 'things',
      Item: { id: { S: '{% $states.input.id %}' } },
      ConditionExpression: 'attribute_not_exists(id)',
    },
    Output: '{% $states.input %}',
    Next: `${name}Again`,
  },
  [`${name}Again`]: {
    Type: 'Task',
    Resource: `arn:aws:states:::${form}:putItem`,
    Arguments: {
      TableName: 'things',
      Item: { id: { S: '{% $states.input.id %}' } },
      ConditionExpression: 'attribute_not_exists(id)',
    },
    End: true,
  },
});

describe('workflows through the endpoint, on the real DynamoDB engine', () => {
  it.each([
    [
      'dynamodb',
      'DynamoDB.ConditionalCheckFailedException',
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: .+; Proxy: null\)$/,
    ],
    [
      'aws-sdk:dynamodb',
      'DynamoDb.ConditionalCheckFailedException',
      /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: .+\)$/,
    ],
  ])('%s names a failed condition %s', async (form, error, cause) => {
    const answer = await run(definitionText(put(form, 'Put')), { id: form });
    expect(answer).toMatchObject({ status: 'FAILED', error, cause: expect.stringMatching(cause) });
    expect(answer.startDate).toBeInstanceOf(Date);
    expect(answer.billingDetails).toEqual({
      billedDurationInMilliseconds: expect.any(Number),
      billedMemoryUsedInMB: 64,
    });
  });

  it('reads what it wrote', async () => {
    const get = {
      Put: { ...put('dynamodb', 'Put').Put, Next: 'Get' },
      Get: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:getItem',
        Arguments: { TableName: 'things', Key: { id: { S: '{% $states.input.id %}' } }, ConsistentRead: true },
        Output: { item: '{% $states.result.Item %}', status: '{% $states.result.SdkHttpMetadata.HttpStatusCode %}' },
        End: true,
      },
    };
    const { output } = await run(definitionText(get), { id: 'ключ' });
    expect(JSON.parse(output ?? '')).toEqual({ item: { id: { S: 'ключ' } }, status: 200 });
  });

  it('tests a Task by making its call, and never tries again', async () => {
    const definition = definitionText({
      Put: { ...put('aws-sdk:dynamodb', 'Put').Put, Retry: [{ ErrorEquals: ['States.ALL'] }], Next: 'End' },
      End: { Type: 'Succeed' },
    });
    const request = { definition, stateName: 'Put', input: '{"id":"tested"}', roleArn };
    const first = await aws.clients.sfn.send(new TestStateCommand(request));
    expect(first).toMatchObject({ status: 'SUCCEEDED', output: '{"id":"tested"}', nextState: 'End' });
    const second = await aws.clients.sfn.send(new TestStateCommand({ ...request, inspectionLevel: 'DEBUG' }));
    expect(second).toMatchObject({
      status: 'RETRIABLE',
      error: 'DynamoDb.ConditionalCheckFailedException',
      inspectionData: {
        input: '{"id":"tested"}',
        afterArguments: expect.stringContaining('"TableName":"things"'),
        errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 1 },
      },
    });
  });

  it('validates and updates definitions', async () => {
    const definition = definitionText({ S: { Type: 'Pass', Retry: [], End: true } });
    const validation = await aws.clients.sfn.send(new ValidateStateMachineDefinitionCommand({ definition }));
    expect(validation).toMatchObject({ result: 'FAIL', truncated: false, diagnostics: [{ location: '/States/S' }] });
    const valid = definitionText({ S: { Type: 'Succeed' } });
    const { stateMachineArn } = await aws.clients.sfn.send(
      new CreateStateMachineCommand({ name: 'updated', definition: valid, roleArn, type: 'EXPRESS' }),
    );
    const update = new UpdateStateMachineCommand({ stateMachineArn, definition: valid });
    expect((await aws.clients.sfn.send(update)).updateDate).toBeInstanceOf(Date);
  });

  it('answers errors that SDK clients know', async () => {
    await expect(run('{"QueryLanguage": "JSONata"}')).rejects.toBeInstanceOf(InvalidDefinition);
    const executionArn = 'arn:aws:states:us-east-1:000000000000:express:machine:e:1';
    await expect(aws.clients.sfn.send(new DescribeExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(
      InvalidArn,
    );
  });
});
