import { describe, expect, it } from '@jest/globals';
import { credentialScope } from '../../src/gateway/credential-scope.ts';

const scope = (authorization: string | undefined, url = '/') =>
  credentialScope({
    method: 'GET',
    url,
    headers: authorization === undefined ? {} : { authorization },
    body: Buffer.alloc(0),
  });

describe('credentialScope', () => {
  it.each([
    [
      'a header',
      'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
      '/',
    ],
    [
      'a header without spaces',
      'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/kinesis/aws4_request,SignedHeaders=host,Signature=0',
      '/',
    ],
    [
      'a presigned address',
      undefined,
      '/b/k?a=1&X-Amz-Credential=AKIA%2F20260101%2Feu-west-1%2Fkinesis%2Faws4_request&X-Amz-Date=x',
    ],
    ['a presigned address in lower case', undefined, '/?x-amz-credential=AKIA/20260101/eu-west-1/kinesis/aws4_request'],
  ])('reads %s', (_name, authorization, url) => {
    expect(scope(authorization, url)).toEqual({ accessKeyId: 'AKIA', region: 'eu-west-1', service: 'kinesis' });
  });

  it.each([
    ['no signature', undefined, '/'],
    ['another scheme', 'Basic dXNlcjpwYXNz', '/'],
    ['a scope cut short', 'AWS4-HMAC-SHA256 Credential=AKIA/20260101, Signature=0', '/'],
    ['an empty service', 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1//aws4_request, Signature=0', '/'],
    ['an empty presigned scope', undefined, '/?X-Amz-Credential='],
  ])('finds nothing in %s', (_name, authorization, url) => {
    expect(scope(authorization, url)).toBeUndefined();
  });
});
