import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { EncryptionKey } from '../../../src/iam/access-control.ts';
import { createAccessControl } from '../../../src/iam/access-store.ts';
import { createAccessIntercept } from '../../../src/iam/authorization/access-intercept.ts';
import { keyRequests } from '../../../src/iam/authorization/key-requests.ts';
import { allRows } from '../../../src/iam/authorization/questions.ts';
import { roleKey, serviceKey } from '../../../src/iam/caller.ts';
import { keyCases } from './key-cases.ts';
import { type Given, wireRequest } from './requests.ts';

const endpoint = { region: 'us-east-1', accountId: '000000000000' };
const rows = allRows({ execution: () => undefined, namedQuery: () => undefined });
const keyArn = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/${id}`;
const KEY = keyArn('k');
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Q';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/T';
const ENCRYPTED = [
  ...['arn:aws:s3:::b', QUEUE, 'arn:aws:sns:us-east-1:000000000000:N', TABLE],
  'arn:aws:kinesis:us-east-1:000000000000:stream/S',
];
const BOTH = ['kms:GenerateDataKey', 'kms:Decrypt'];
const send = { json: { QueueUrl: 'http://x/0/Q', MessageBody: 'x' } };

interface Options {
  /** What the role may do with every key. */
  readonly keyActions?: readonly string[];
  readonly Condition?: JsonObject;
  readonly keyPolicy?: JsonObject;
  readonly key?: EncryptionKey | undefined;
  readonly accessKeyId?: string;
  readonly statusCode?: number;
}

/** Sends a call of a role that may do everything but use keys. Answers what it asked of keys. */
async function call(place: string, given: Given, options: Options = {}): Promise<{ asked: string[]; body: string }> {
  const { keyActions = BOTH, Condition, keyPolicy, statusCode = 200 } = options;
  const access = createAccessControl({ ...endpoint, clock: new ManualClock() });
  const Allow = { Effect: 'Allow', Resource: '*' };
  const Statement: JsonObject[] = [
    { ...Allow, Action: ['s3:*', 'sqs:*', 'sns:*', 'kinesis:*', 'dynamodb:*'] },
    ...keyActions.map((Action) => ({ ...Allow, Action, ...(Condition && { Condition }) })),
  ];
  const inline = [{ name: 'Own', document: { Version: '2012-10-17', Statement } }];
  access.putRole({ name: 'R', arn: 'arn:aws:iam::000000000000:role/R', trust: { Statement: [] }, inline, managed: [] });
  const Principal = { Service: 'sns.amazonaws.com' };
  access.putResourcePolicy(QUEUE, { name: 'policy', document: { Statement: [{ ...Allow, Principal, Action: '*' }] } });
  if (keyPolicy !== undefined) access.putResourcePolicy(KEY, { name: 'policy', document: { Statement: [keyPolicy] } });
  for (const arn of ENCRYPTED) access.putEncryptionKey(arn, 'key' in options ? options.key : { arn: KEY });
  const asked: string[] = [];
  const intercept = createAccessIntercept({
    ...{ access, rows, ...endpoint },
    onDecision(_caller, { action, resource }) {
      if (action.startsWith('kms:')) asked.push(`${action} on ${resource}`);
    },
  });
  const [service = '', operation = ''] = place.split('.');
  const context = {
    ...endpoint,
    requestId: 'id',
    accessKeyId: options.accessKeyId ?? roleKey('R', 's', { isWorker: true }),
  };
  const { body } = await intercept({ service, operation, request: wireRequest(given), context }, async () => ({
    ...{ statusCode, headers: {}, body: Buffer.from('{}') },
  }));
  return { asked, body: body.toString('utf8') };
}

describe('what a call asks of the key of its resource', () => {
  it.each(keyCases)('$call $what: $asks', async ({ call: place, given, asks, key = 'k' }) => {
    const { asked } = await call(place, given);
    expect(asked).toEqual(asks.map((action) => `${action} on ${keyArn(key)}`));
  });

  it.each(keyCases.filter(({ key }) => key === undefined))('$call $what: nothing without a key', async (each) => {
    expect((await call(each.call, each.given, { key: undefined })).asked).toEqual([]);
  });

  it('a missing object needs no key', async () => {
    const missing = { statusCode: 404, keyActions: [] };
    expect((await call('s3.GetObject', { http: 'GET /b/k' }, missing)).asked).toEqual([]);
  });
});

describe('a call that may not use the key is the error of', () => {
  const USER = 'User: arn:aws:sts::000000000000:assumed-role/R/s is not authorized to perform:';
  const sentence = (action: string) =>
    `${USER} ${action} on resource: ${KEY} because no identity-based policy allows the ${action} action`;
  const cases: { call: string; given: Given; error: [name: string, status: number, message: string] }[] = [
    // https://repost.aws/knowledge-center/sqs-accessdenied-errors
    {
      call: 'sqs.SendMessage',
      given: send,
      error: ['KMS.AccessDeniedException', 400, sentence('kms:GenerateDataKey')],
    },
    // https://github.com/trussworks/terraform-aws-s3-anti-virus/pull/48
    {
      call: 'sns.Publish',
      given: { query: { Action: 'Publish', TopicArn: 'arn:aws:sns:us-east-1:000000000000:N' } },
      error: ['KMSAccessDenied', 400, sentence('kms:GenerateDataKey')],
    },
    // https://github.com/serverless-operations/serverless-apigateway-service-proxy/issues/101
    {
      call: 'kinesis.PutRecord',
      given: { json: { StreamName: 'S' } },
      error: ['KMSAccessDeniedException', 400, sentence('kms:GenerateDataKey')],
    },
    // https://github.com/ministryofjustice/modernisation-platform-environments/pull/10745
    { call: 's3.GetObject', given: { http: 'GET /b/k' }, error: ['AccessDenied', 403, sentence('kms:Decrypt')] },
    // https://github.com/aws/aws-cdk/issues/10010
    {
      call: 'dynamodb.PutItem',
      given: { json: { TableName: 'T', Item: {} } },
      error: [
        'com.amazon.coral.service#AccessDeniedException',
        400,
        `KMS key access denied error: com.amazonaws.services.kms.model.AWSKMSException: ${sentence('kms:Decrypt')}`,
      ],
    },
  ];

  it.each(cases)('$call', async ({ call: place, given, error: [name, statusCode, message] }) => {
    await expect(call(place, given, { keyActions: [] })).rejects.toMatchObject({ name, statusCode, message });
  });

  it('a statement of a batch, in its place', async () => {
    const Statements = [{ Statement: `INSERT INTO "T" VALUE {'id': ?}` }];
    const { body } = await call('dynamodb.BatchExecuteStatement', { json: { Statements } }, { keyActions: [] });
    const Message = expect.stringContaining('kms:Decrypt');
    expect(JSON.parse(body)).toEqual({ Responses: [{ Error: { Code: 'AccessDenied', Message } }] });
  });
});

/** Statements of a key policy. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const everything = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
const byAccount = { ...everything, Principal: { AWS: 'arn:aws:iam::000000000000:root' } };
const byRole = { ...everything, Principal: { AWS: 'arn:aws:iam::000000000000:role/R' } };
const byOther = { ...everything, Principal: { AWS: 'arn:aws:iam::000000000000:role/Other' } };
const ofTopics = { ...everything, Principal: { Service: 'sns.amazonaws.com' } };
const topic = serviceKey('sns.amazonaws.com', 'arn:aws:sns:us-east-1:000000000000:N');
const when = (key: string, value: string) => ({ StringEquals: { [key]: value } });

describe('identity policy and key policy decide together', () => {
  it.each<[what: string, isAllowed: boolean, options: Options]>([
    ['the key policy leaves it to the account, whose role may', true, { keyPolicy: byAccount }],
    ['the key policy leaves it to the account, whose role may not', false, { keyPolicy: byAccount, keyActions: [] }],
    ['the key policy names the role', true, { keyPolicy: byRole, keyActions: [] }],
    ['the key policy names another role', false, { keyPolicy: byOther }],
    ['the key policy denies', false, { keyPolicy: { ...byRole, Effect: 'Deny' } }],
    ['a producer that may encrypt only', false, { keyActions: ['kms:GenerateDataKey'] }],
    ['a topic that the key policy allows', true, { keyPolicy: ofTopics, accessKeyId: topic }],
    ['a topic that it does not allow', false, { keyPolicy: byAccount, accessKeyId: topic }],
    ['only through SQS', true, { Condition: when('kms:ViaService', 'sqs.us-east-1.amazonaws.com') }],
    ['only through S3', false, { Condition: when('kms:ViaService', 's3.us-east-1.amazonaws.com') }],
    ['only of this account', true, { Condition: when('kms:CallerAccount', '000000000000') }],
    ['only for this queue', true, { Condition: when('kms:EncryptionContext:aws:sqs:arn', QUEUE) }],
    ['only for another queue', false, { Condition: when('kms:EncryptionContext:aws:sqs:arn', `${QUEUE}2`) }],
  ])('%s: %p', async (_what, isAllowed, options) => {
    const sent = call('sqs.SendMessage', send, options).then(() => true);
    if (isAllowed) expect(await sent).toBe(true);
    else await expect(sent).rejects.toMatchObject({ name: 'KMS.AccessDeniedException' });
  });
});

describe('the encryption context of', () => {
  const contextOf = (action: string, resource: string, key: EncryptionKey) =>
    keyRequests(
      { action, resource },
      {
        access: { encryptionKey: () => key },
        caller: { kind: 'role', roleName: 'R', sessionName: 's', isWorker: true },
        ...{ operation: action.replace(/^.*:/, ''), headers: {}, ...endpoint },
      },
    )[0]?.context;
  const named = (name: string, value: string) => ({ [`kms:EncryptionContext:${name}`]: value });

  it.each<[what: string, action: string, resource: string, isBucketKey: boolean, expected: object]>([
    ['an object', 's3:GetObject', 'arn:aws:s3:::b/a/k', false, named('aws:s3:arn', 'arn:aws:s3:::b/a/k')],
    ['an object with a bucket key', 's3:PutObject', 'arn:aws:s3:::b/a/k', true, named('aws:s3:arn', 'arn:aws:s3:::b')],
    ['an index', 'dynamodb:Query', `${TABLE}/index/i`, false, named('aws:dynamodb:tableName', 'T')],
    ['a table', 'dynamodb:GetItem', TABLE, false, named('aws:dynamodb:subscriberId', '000000000000')],
    [
      'a stream',
      'kinesis:PutRecord',
      'arn:aws:kinesis:us-east-1:000000000000:stream/S',
      false,
      named('aws:kinesis:arn', 'arn:aws:kinesis:us-east-1:000000000000:stream/S'),
    ],
  ])('%s', (_what, action, resource, isBucketKey, expected) => {
    expect(contextOf(action, resource, { arn: KEY, isBucketKey })).toMatchObject(expected);
  });
});
