import type { RestRoute } from './rest-json.ts';

const functions = '/2015-03-31/functions';
const oneFunction = `${functions}/{FunctionName}`;
const qualifier = { Qualifier: 'Qualifier' };

/** 50 MB of zip in base64 with the rest of the request; the figure in AWS's error message (from memory). */
const CODE_LIMIT = { bytes: 70_167_211, error: 'RequestEntityTooLargeException' };
/**
 * 6 MB each way, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. The exact figure is from
 * memory.
 */
const INVOKE_LIMIT = { bytes: 6_291_456, error: 'RequestTooLargeException' };

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export const lambdaRoutes: readonly RestRoute[] = [
  { operation: 'AddPermission', method: 'POST', path: `${oneFunction}/policy`, statusCode: 201 },
  { operation: 'GetPolicy', method: 'GET', path: `${oneFunction}/policy` },
  {
    operation: 'RemovePermission',
    method: 'DELETE',
    path: `${oneFunction}/policy/{StatementId}`,
    statusCode: 204,
  },
  {
    operation: 'CreateFunction',
    method: 'POST',
    path: functions,
    statusCode: 201,
    inputs: { blobs: ['Code.ZipFile'] },
    bodyLimit: CODE_LIMIT,
  },
  { operation: 'GetFunction', method: 'GET', path: oneFunction, query: qualifier },
  { operation: 'GetFunctionConfiguration', method: 'GET', path: `${oneFunction}/configuration`, query: qualifier },
  {
    operation: 'UpdateFunctionCode',
    method: 'PUT',
    path: `${oneFunction}/code`,
    inputs: { blobs: ['ZipFile'] },
    bodyLimit: CODE_LIMIT,
  },
  { operation: 'UpdateFunctionConfiguration', method: 'PUT', path: `${oneFunction}/configuration` },
  {
    operation: 'DeleteFunction',
    method: 'DELETE',
    path: oneFunction,
    query: qualifier,
    statusCode: 204,
    statusMember: 'StatusCode',
  },
  {
    operation: 'ListFunctions',
    method: 'GET',
    path: functions,
    query: { MasterRegion: 'MasterRegion', FunctionVersion: 'FunctionVersion', Marker: 'Marker', MaxItems: 'MaxItems' },
  },
  { operation: 'ListTags', method: 'GET', path: '/2017-03-31/tags/{Resource}' },
  {
    operation: 'Invoke',
    method: 'POST',
    path: `${oneFunction}/invocations`,
    query: qualifier,
    headers: {
      'x-amz-invocation-type': 'InvocationType',
      'x-amz-log-type': 'LogType',
      'x-amz-client-context': 'ClientContext',
    },
    payload: 'Payload',
    bodyLimit: INVOKE_LIMIT,
    statusMember: 'StatusCode',
    responseHeaders: {
      FunctionError: 'x-amz-function-error',
      LogResult: 'x-amz-log-result',
      ExecutedVersion: 'x-amz-executed-version',
    },
  },
];
