import { DescribeDeliveryStreamCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreatePipeCommand,
  DescribePipeCommand,
  ListPipesCommand,
  StartPipeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-pipes';
import { StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemRandom } from '@tweet-pipes/kit/random';
import { AwsError } from '../../../src/gateway/aws-error.ts';
import { type Gateway, startGateway } from '../../../src/gateway/gateway.ts';
import type { LocalService, Operation } from '../../../src/gateway/local-service.ts';

/**
 * Records what the operation saw and answers what the test set, so that the SDK's own serializer and parser stand on
 * the other side.
 */
let seen: { operation: string; input: Record<string, unknown> } | undefined;
let answer: () => Promise<object>;
const service = (signingName: string, ...names: string[]): LocalService => {
  const operation =
    (name: string): Operation =>
    (input) => {
      seen = { operation: name, input };
      return answer();
    };
  return { signingName, operations: Object.fromEntries(names.map((name) => [name, operation(name)])) };
};

const logged: string[] = [];
let gateway: Gateway;
let clients: AwsClients;
beforeAll(async () => {
  gateway = await startGateway({
    port: 0,
    region: 'us-east-1',
    accountId: '000000000000',
    random: systemRandom,
    services: [
      service('states', 'StartExecution', 'StartSyncExecution'),
      service('firehose', 'PutRecordBatch', 'DescribeDeliveryStream'),
      service('pipes', 'CreatePipe', 'DescribePipe', 'ListPipes', 'StartPipe', 'UntagResource'),
      service('lambda', 'CreateFunction', 'Invoke', 'DeleteFunction'),
    ],
    engines: [],
    log: (line) => void logged.push(line),
  });
  clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  clients.destroy();
  await gateway.stop();
});

describe('Step Functions (AWS JSON 1.0)', () => {
  it('carries text unchanged and times as dates', async () => {
    const startDate = new Date('2026-11-20T10:11:12.345Z');
    answer = async () => ({
      executionArn: 'arn',
      status: 'SUCCEEDED',
      startDate,
      stopDate: startDate,
      output: '{"ж":"🦋"}',
    });
    const input = '{"tag":"ไทย \\u0000"}';
    const output = await clients.sfn.send(new StartSyncExecutionCommand({ stateMachineArn: 'arn:x', input }));
    expect(seen).toEqual({ operation: 'StartSyncExecution', input: { stateMachineArn: 'arn:x', input } });
    expect(output).toMatchObject({ status: 'SUCCEEDED', startDate, output: '{"ж":"🦋"}' });
  });

  it('gives an AwsError as the exception of that name', async () => {
    answer = () => Promise.reject(new AwsError('StateMachineDoesNotExist', 'State Machine Does Not Exist: x'));
    const call = clients.sfn.send(new StartExecutionCommand({ stateMachineArn: 'x' }));
    await expect(call).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
      message: 'State Machine Does Not Exist: x',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('hides a defect behind InternalFailure and logs it without the payload', async () => {
    logged.length = 0;
    answer = () => Promise.reject(new TypeError('cannot read secret record text'));
    const call = clients.sfn.send(new StartExecutionCommand({ stateMachineArn: 'x', input: '"secret"' }));
    await expect(call).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    expect(logged).toEqual([expect.stringMatching(/^states StartExecution failed \([0-9a-f-]{36}\): TypeError at /)]);
    expect(logged.join()).not.toContain('secret');
  });

  it('names an operation that the service lacks', async () => {
    const { ListExecutionsCommand } = await import('@aws-sdk/client-sfn');
    const call = clients.sfn.send(new ListExecutionsCommand({ stateMachineArn: 'x' }));
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('states ListExecutions is not supported'),
    });
  });

  it.each([
    ['__proto__', '{}', 'UnknownOperationException'],
    ['StartExecution', '[1]', 'SerializationException'],
    ['StartExecution', '{"a":', 'SerializationException'],
  ])('refuses %s with body %s as %s', async (operation, body, error) => {
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: error });
  });
});

describe('Firehose (AWS JSON 1.1)', () => {
  it('hands blobs over as bytes', async () => {
    answer = async () => ({ FailedPutCount: 0, RequestResponses: [{ RecordId: '1' }, { RecordId: '2' }] });
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const Records = [{ Data: bytes }, { Data: new Uint8Array() }];
    const output = await clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 's', Records }));
    expect(output.RequestResponses).toHaveLength(2);
    expect(seen?.input).toEqual({
      DeliveryStreamName: 's',
      Records: [{ Data: Buffer.from(bytes) }, { Data: Buffer.alloc(0) }],
    });
  });

  it('writes nested times', async () => {
    const CreateTimestamp = new Date('2026-01-02T03:04:05.678Z');
    answer = async () => ({
      DeliveryStreamDescription: { DeliveryStreamName: 's', CreateTimestamp, Destinations: [] },
    });
    const output = await clients.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 's' }));
    expect(output.DeliveryStreamDescription?.CreateTimestamp).toEqual(CreateTimestamp);
  });

  it.each([
    ...['not base64!', 'QUJ', 'QUJDR', 'QUI_', 'QU-D', 'QU D', 'QUI=QUJD', 'Q===', '====', 'QUJD====', '=QUJ', 'QUJé'],
  ])('refuses the blob %j, which is not base64, by its path', async (Data) => {
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'Firehose_20150804.PutRecordBatch', 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ DeliveryStreamName: 's', Records: [{ Data }] }),
    });
    expect(await response.json()).toEqual({
      __type: 'SerializationException',
      message: 'Records[].Data must be a base64 string.',
    });
  });
});

describe('Pipes (REST)', () => {
  it('reads the name from the path and times from the body', async () => {
    const CreationTime = new Date('2026-01-02T03:04:05Z');
    answer = async () => ({ Name: 'p', CreationTime, CurrentState: 'CREATING' });
    const StartingPositionTimestamp = new Date('2026-01-01T00:00:00Z');
    const SourceParameters = {
      KinesisStreamParameters: { StartingPosition: 'AT_TIMESTAMP' as const, StartingPositionTimestamp },
    };
    const output = await clients.pipes.send(
      new CreatePipeCommand({ Name: 'p', Source: 's', Target: 't', RoleArn: 'r', SourceParameters }),
    );
    expect(seen).toEqual({
      operation: 'CreatePipe',
      input: { Name: 'p', Source: 's', Target: 't', RoleArn: 'r', SourceParameters },
    });
    expect(output.CreationTime).toEqual(CreationTime);
  });

  it('tells the operations on one path apart, and decodes the path', async () => {
    answer = async () => ({ Pipes: [] });
    await clients.pipes.send(new DescribePipeCommand({ Name: 'a b' }));
    expect(seen).toEqual({ operation: 'DescribePipe', input: { Name: 'a b' } });
    await clients.pipes.send(new StartPipeCommand({ Name: 'p' }));
    expect(seen).toEqual({ operation: 'StartPipe', input: { Name: 'p' } });
    await clients.pipes.send(new ListPipesCommand({ NamePrefix: 'x&y', Limit: 5 }));
    expect(seen).toEqual({ operation: 'ListPipes', input: { NamePrefix: 'x&y', Limit: '5' } });
  });

  it('answers an unknown path by name', async () => {
    const call = clients.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('lambda has no operation POST /2015-03-31/functions/f/versions'),
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('carries a list in the query', async () => {
    answer = async () => ({});
    await clients.pipes.send(new UntagResourceCommand({ resourceArn: 'arn:aws:pipes', tagKeys: ['a', 'b&c'] }));
    expect(seen).toEqual({
      operation: 'UntagResource',
      input: { resourceArn: 'arn:aws:pipes', tagKeys: ['a', 'b&c'] },
    });
  });

  it('gives a conflict its status', async () => {
    answer = () => Promise.reject(new AwsError('ConflictException', 'Pipe p already exists.', { statusCode: 409 }));
    const call = clients.pipes.send(new StartPipeCommand({ Name: 'p' }));
    await expect(call).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Pipe p already exists.',
      $metadata: { httpStatusCode: 409 },
    });
  });
});

describe('Lambda (REST)', () => {
  it('unpacks the code of a new function', async () => {
    answer = async () => ({ FunctionName: 'f', State: 'Active' });
    const ZipFile = Buffer.from('PK zip');
    const output = await clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Role: 'r',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    );
    expect(seen?.input).toEqual({
      FunctionName: 'f',
      Role: 'r',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile },
    });
    expect(output).toMatchObject({ FunctionName: 'f', $metadata: { httpStatusCode: 201 } });
  });

  it('passes payloads raw, and members by headers', async () => {
    answer = async () => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
      LogResult: 'bG9n',
      Payload: Buffer.from('{"errorType":"Ж"}'),
    });
    const Payload = Buffer.from('{"not":"json","ж":1} trailing');
    const output = await clients.lambda.send(
      new InvokeCommand({ FunctionName: 'f', Payload, LogType: 'Tail', Qualifier: '1' }),
    );
    expect(seen?.input).toEqual({
      FunctionName: 'f',
      LogType: 'Tail',
      Qualifier: '1',
      Payload: new Uint8Array(Payload),
    });
    expect(output).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
      LogResult: 'bG9n',
    });
    expect(output.Payload?.transformToString()).toBe('{"errorType":"Ж"}');
  });

  it('invokes by ARN', async () => {
    answer = async () => ({ StatusCode: 202 });
    const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const output = await clients.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
    expect(seen?.input).toMatchObject({ FunctionName, InvocationType: 'Event' });
    expect(output.StatusCode).toBe(202);
  });

  it('refuses a payload over six megabytes', async () => {
    const call = clients.lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.alloc(6_291_457, 'x') }));
    await expect(call).rejects.toMatchObject({ name: 'RequestTooLargeException', $metadata: { httpStatusCode: 413 } });
  });

  it('answers without a body where Lambda does', async () => {
    answer = async () => ({});
    const output = await clients.lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }));
    expect(output.$metadata.httpStatusCode).toBe(204);
  });

  it('carries the text of errors', async () => {
    answer = () =>
      Promise.reject(new AwsError('ResourceNotFoundException', 'Function not found: f', { statusCode: 404 }));
    const call = clients.lambda.send(new InvokeCommand({ FunctionName: 'f' }));
    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Function not found: f' });
  });

  it('names an operation that has a path but no code behind it', async () => {
    const call = clients.lambda.send(new GetFunctionCommand({ FunctionName: 'f' }));
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('lambda GetFunction is not supported'),
    });
  });
});
