import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../../../src/gateway/aws-error.ts';
import type { WireRequest, WireResponse } from '../../../src/gateway/wire.ts';
import { createAccessControl } from '../../../src/iam/access-store.ts';
import { createAccessIntercept } from '../../../src/iam/authorization/access-intercept.ts';
import { allRows } from '../../../src/iam/authorization/questions.ts';
import { roleKey, serviceKey } from '../../../src/iam/caller.ts';
import { WORKER_ACCESS_KEY_ID } from '../../../src/worker-key.ts';
import { type Given, wireRequest } from './requests.ts';

const endpoint = { region: 'us-east-1', accountId: '000000000000' };
const rows = allRows({ execution: () => undefined, namedQuery: () => undefined });
const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
const ME = roleKey('Worker', 'pipe', { isWorker: true });
const USER = 'User: arn:aws:sts::000000000000:assumed-role/Worker/pipe';

/** Sends a call through the intercept to a service that answers `answer`. The role Worker has the statement. */
async function call(
  place: string,
  given: Given,
  {
    key = ME,
    action = [],
    resource = '*',
    answer = {},
  }: { key?: string; action?: string | string[]; resource?: string | string[]; answer?: Partial<WireResponse> | Error },
): Promise<{ forwarded: WireRequest[]; body: string; decisions: string[] }> {
  const access = createAccessControl({ ...endpoint, clock: new ManualClock() });
  const statements: JsonObject[] =
    [action].flat().length === 0 ? [] : [{ Effect: 'Allow', Action: action, Resource: resource }];
  access.putRole({
    name: 'Worker',
    arn: roleArn('Worker'),
    trust: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    inline: [{ name: 'Own', document: { Version: '2012-10-17', Statement: statements } }],
    managed: [],
  });
  const decisions: string[] = [];
  const intercept = createAccessIntercept({
    ...{ access, rows, ...endpoint },
    onDecision: (_caller, request, { isAllowed }) =>
      decisions.push(`${isAllowed ? 'allowed' : 'denied'} ${request.action} on ${request.resource}`),
  });
  const [service = '', operation = ''] = place.split('.');
  const request = wireRequest(given);
  const forwarded: WireRequest[] = [];
  const context = { ...endpoint, requestId: 'id', accessKeyId: key };
  const response = await intercept({ service, operation, request, context }, async (changed = request) => {
    forwarded.push(changed);
    if (answer instanceof Error) throw answer;
    return { statusCode: 200, headers: {}, body: Buffer.from('{}'), ...answer };
  });
  return { forwarded, body: response.body.toString('utf8'), decisions };
}

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/T';
const getItem = { json: { TableName: 'T', Key: {} } };

describe('a call passes', () => {
  it('of an administrator and of the runtime, unasked', async () => {
    for (const key of ['local', WORKER_ACCESS_KEY_ID]) {
      const { forwarded, decisions } = await call('dynamodb.GetItem', getItem, { key });
      expect([forwarded.length, decisions]).toEqual([1, []]);
    }
  });

  it('of a role that its policy allows', async () => {
    const { forwarded, decisions } = await call('dynamodb.GetItem', getItem, { action: 'dynamodb:*', resource: table });
    expect([forwarded.length, decisions]).toEqual([1, [`allowed dynamodb:GetItem on ${table}`]]);
  });
});

describe('a denied call does not reach its service, and is the error of', () => {
  const because = (action: string) => `because no identity-based policy allows the ${action} action`;
  const cases: { call: string; given: Given; error: [name: string, status: number, message: string] }[] = [
    {
      call: 'dynamodb.GetItem',
      given: getItem,
      error: [
        'com.amazon.coral.service#AccessDeniedException',
        400,
        `${USER} is not authorized to perform: dynamodb:GetItem on resource: ${table} ${because('dynamodb:GetItem')}`,
      ],
    },
    {
      call: 's3.PutObject',
      given: { http: 'PUT /b/k' },
      error: [
        'AccessDenied',
        403,
        `${USER} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" ${because('s3:PutObject')}`,
      ],
    },
    {
      call: 's3.PutObject',
      given: { http: 'PUT /b/a%20key' },
      error: [
        'AccessDenied',
        403,
        `${USER} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/a key" ${because('s3:PutObject')}`,
      ],
    },
    {
      call: 'sqs.SendMessage',
      given: { json: { QueueUrl: 'http://x/0/Q' } },
      error: [
        'AccessDenied',
        403,
        `${USER} is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:Q ${because('sqs:sendmessage')}`,
      ],
    },
    {
      call: 'sns.Publish',
      given: { query: { Action: 'Publish', TopicArn: 'arn:aws:sns:us-east-1:111111111111:T' } },
      error: [
        'AuthorizationError',
        403,
        `${USER} is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:111111111111:T ${because('SNS:Publish')}`,
      ],
    },
    {
      call: 'lambda.Invoke',
      given: { http: 'POST /2015-03-31/functions/F/invocations' },
      error: [
        'AccessDeniedException',
        403,
        `${USER} is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:F ${because('lambda:InvokeFunction')}`,
      ],
    },
    {
      call: 'comprehend.DetectSentiment',
      given: { json: { Text: 'x' } },
      error: [
        'AccessDeniedException',
        400,
        `${USER} is not authorized to perform: comprehend:DetectSentiment ${because('comprehend:DetectSentiment')}`,
      ],
    },
  ];

  it.each(cases)('$call', async ({ call: place, given, error: [name, statusCode, message] }) => {
    await expect(call(place, given, {})).rejects.toMatchObject({ name, statusCode, message });
  });

  it('an operation whose rights are not known, whatever the policy says', async () => {
    await expect(call('dynamodb.NewOperation', getItem, { action: '*' })).rejects.toMatchObject({
      name: 'com.amazon.coral.service#AccessDeniedException',
      message: expect.stringContaining('does not know which action dynamodb NewOperation needs'),
    });
  });

  it('a service without a resource policy that allows it', async () => {
    const key = serviceKey('sns.amazonaws.com', 'arn:aws:sns:us-east-1:000000000000:T');
    const given = { json: { QueueUrl: 'http://x/0/Q' } };
    await expect(call('sqs.SendMessage', given, { key, action: '*' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('because no resource-based policy allows the sqs:sendmessage action'),
    });
  });
});

describe('a batch that is denied in part', () => {
  const insert = (name: string) => ({ Statement: `INSERT INTO "${name}" VALUE {'id': ?}` });
  const Statements = [insert('T'), insert('U'), insert('T')];

  it('of statements answers AccessDenied in their places', async () => {
    const { forwarded, body } = await call(
      'dynamodb.BatchExecuteStatement',
      { json: { Statements } },
      {
        action: 'dynamodb:PartiQLInsert',
        resource: table,
        answer: { body: Buffer.from('{"Responses":[{"TableName":"T"},{"Error":{"Code":"DuplicateItem"}}]}') },
      },
    );
    expect(JSON.parse(String(forwarded[0]?.body))).toEqual({ Statements: [insert('T'), insert('T')] });
    expect(JSON.parse(body)).toEqual({
      Responses: [
        { TableName: 'T' },
        { Error: { Code: 'AccessDenied', Message: expect.stringContaining('dynamodb:PartiQLInsert on resource') } },
        { Error: { Code: 'DuplicateItem' } },
      ],
    });
  });

  it('of statements does not reach DynamoDB where all are denied', async () => {
    const { forwarded, body } = await call('dynamodb.BatchExecuteStatement', { json: { Statements } }, {});
    expect([forwarded, JSON.parse(body).Responses.length]).toEqual([[], 3]);
  });

  it('of keys deletes the others', async () => {
    const { forwarded, body } = await call(
      's3.DeleteObjects',
      {
        http: 'POST /b?delete',
        headers: { 'content-md5': 'x' },
        body: '<Delete><Object><Key>mine/1</Key></Object><Object><Key>a&amp;b</Key></Object></Delete>',
      },
      {
        action: 's3:DeleteObject',
        resource: 'arn:aws:s3:::b/mine/*',
        answer: { body: Buffer.from('<DeleteResult><Deleted><Key>mine/1</Key></Deleted></DeleteResult>') },
      },
    );
    expect(String(forwarded[0]?.body)).toBe('<Delete><Object><Key>mine/1</Key></Object></Delete>');
    expect(forwarded[0]?.headers['content-md5']).toBeUndefined();
    expect(body).toMatch(
      /^<DeleteResult><Deleted>.*<Error><Key>a&amp;b<\/Key><Code>AccessDenied<\/Code>.*<\/DeleteResult>$/,
    );
  });
});

describe('a missing object', () => {
  const given = { http: 'GET /b/k' };
  const missing = new AwsError('NoSuchKey', 'The specified key does not exist.', { statusCode: 404 });

  it.each([[missing], [{ statusCode: 404, body: Buffer.from('<Error/>') }]])(
    'is AccessDenied to whoever may not list',
    async (answer) => {
      await expect(call('s3.GetObject', given, { action: 's3:GetObject', answer })).rejects.toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('s3:ListBucket on resource: "arn:aws:s3:::b"'),
      });
    },
  );

  it('is missing to whoever may', async () => {
    const action = ['s3:GetObject', 's3:ListBucket'];
    await expect(call('s3.GetObject', given, { action, answer: missing })).rejects.toBe(missing);
  });
});

describe('a role that is handed to a service', () => {
  const create = (Role: string) => ({
    http: 'POST /2015-03-31/functions',
    body: JSON.stringify({ FunctionName: 'F', Role }),
  });

  it('must be one that the service may take, whoever asks', async () => {
    await expect(call('lambda.CreateFunction', create(roleArn('Missing')), { key: 'local' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
    const { forwarded } = await call('lambda.CreateFunction', create(roleArn('Worker')), { key: 'local' });
    expect(forwarded.length).toBe(1);
  });

  it('needs iam:PassRole of a role', async () => {
    const action = 'lambda:CreateFunction';
    await expect(call('lambda.CreateFunction', create(roleArn('Worker')), { action })).rejects.toMatchObject({
      message: expect.stringContaining(`iam:PassRole on resource: ${roleArn('Worker')}`),
    });
  });

  const handing: [place: string, given: Given, name: string][] = [
    ['states.CreateStateMachine', { json: { name: 'M', roleArn: roleArn('Worker') } }, 'AccessDeniedException'],
    [
      'pipes.CreatePipe',
      { http: 'POST /v1/pipes/P', body: JSON.stringify({ RoleArn: roleArn('Worker') }) },
      'ValidationException',
    ],
    [
      'scheduler.CreateSchedule',
      { http: 'POST /schedules/S', body: JSON.stringify({ Target: { RoleArn: roleArn('Worker') } }) },
      'ValidationException',
    ],
    ['glue.CreateCrawler', { json: { Name: 'C', Role: 'Worker' } }, 'InvalidInputException'],
    [
      'firehose.CreateDeliveryStream',
      { json: { ExtendedS3DestinationConfiguration: { RoleARN: roleArn('Worker') } } },
      'InvalidArgumentException',
    ],
  ];

  it.each(handing)('is refused by %s in its own words', async (place, given, name) => {
    await expect(call(place, given, { key: 'local' })).rejects.toMatchObject({ name });
  });
});
