import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  InvalidArn,
  InvalidDefinition,
  StartSyncExecutionCommand,
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

  it('answers errors that SDK clients know', async () => {
    await expect(run('{"QueryLanguage": "JSONata"}')).rejects.toBeInstanceOf(InvalidDefinition);
    const executionArn = 'arn:aws:states:us-east-1:000000000000:express:machine:e:1';
    await expect(aws.clients.sfn.send(new DescribeExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(
      InvalidArn,
    );
  });
});
