import { describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../../../src/gateway/aws-error.ts';
import { parseQuery, queryError, queryResponse, s3Error } from '../../../src/gateway/protocols/query.ts';

const request = (body: string, url = '/') => ({ method: 'POST', url, headers: {}, body: Buffer.from(body) });
const parse = (body: Buffer): unknown => new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(body);

describe('parseQuery', () => {
  it('reads lists, structures and text of any script', () => {
    const body = new URLSearchParams({
      Action: 'DescribeStacks',
      Version: '2010-05-15',
      StackName: 'ж & <x>',
      'Filters.member.2.Key': 'b',
      'Filters.member.1.Key': 'a',
      'Filters.member.10.Key': 'c',
      'Options.Deep.Flag': 'true',
    });
    expect(parseQuery(request(body.toString()))).toEqual({
      action: 'DescribeStacks',
      version: '2010-05-15',
      input: {
        StackName: 'ж & <x>',
        Filters: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }],
        Options: { Deep: { Flag: 'true' } },
      },
    });
  });

  it('reads the action of a presigned GET', () => {
    const { action, input } = parseQuery(request('', '/?Action=GetCallerIdentity&X-Amz-Credential=x'));
    expect([action, input]).toEqual(['GetCallerIdentity', {}]);
  });

  it('refuses a request without an action', () => {
    expect(() => parseQuery(request('StackName=x'))).toThrow(expect.objectContaining({ name: 'MissingAction' }));
  });

  it('ignores names of Object.prototype members', () => {
    const { input } = parseQuery(request('Action=A&__proto__.polluted=1&constructor.prototype.polluted=1'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(input)).toContain('constructor');
  });
});

describe('queryResponse', () => {
  it('writes lists as members and escapes text', () => {
    const output = { Stacks: [{ Name: '<&"\'>', At: new Date(0), Absent: undefined }, { Name: 'ж' }], None: [] };
    expect(parse(queryResponse('DescribeStacks', 'urn:x', output, 'id').body)).toMatchObject({
      DescribeStacksResponse: {
        '@_xmlns': 'urn:x',
        DescribeStacksResult: {
          Stacks: { member: [{ Name: '<&"\'>', At: '1970-01-01T00:00:00.000Z' }, { Name: 'ж' }] },
          None: '',
        },
        ResponseMetadata: { RequestId: 'id' },
      },
    });
  });
});

describe('errors', () => {
  const error = new AwsError('ValidationError', 'No <stack> & no name', { statusCode: 400 });

  it('have a Sender or Receiver type in Query', () => {
    const blame = (statusCode: number): unknown =>
      parse(queryError('urn:x', new AwsError('E', 'm', { statusCode }), 'id').body);
    expect(blame(400)).toMatchObject({
      ErrorResponse: { Error: { Type: 'Sender', Code: 'E', Message: 'm' }, RequestId: 'id' },
    });
    expect(blame(500)).toMatchObject({ ErrorResponse: { Error: { Type: 'Receiver' } } });
  });

  it('have no body for HEAD in S3', () => {
    const url = '/b/k?x=1';
    const seen = (method: string): Buffer =>
      s3Error(error, { method, url, headers: {}, body: Buffer.alloc(0) }, 'id').body;
    expect(seen('HEAD')).toHaveLength(0);
    expect(parse(seen('GET'))).toMatchObject({
      Error: { Code: 'ValidationError', Message: 'No <stack> & no name', Resource: '/b/k', RequestId: 'id' },
    });
  });
});
