import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { lambdaFunction } from '../../../src/assembly/resources/lambda-function.ts';
import { zipText } from '../../../src/assembly/zip-folder.ts';
import { createLambdaService } from '../../../src/lambda/service.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
let dataFolder: string;
let lambda: ReturnType<typeof createLambdaService>;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'function-type-'));
  lambda = createLambdaService({
    ...{ clock: systemClock, random: systemRandom, meter: unmetered, dataFolder },
    ...{ endpoint: () => aws.endpoint, s3: () => aws.clients.s3 },
  });
  aws = await startTestEndpoint({ dataFolder, services: [lambda] });
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket: 'code' }));
});
afterAll(async () => {
  await lambda.stop();
  await aws.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const properties: JsonObject = {
  Handler: 'index.handler',
  Runtime: 'nodejs22.x',
  Role: 'arn:aws:iam::000000000000:role/R',
};
const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:mine';

async function invoke(): Promise<unknown> {
  const { Payload } = await aws.clients.lambda.send(new InvokeCommand({ FunctionName: 'mine' }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

describe('AWS::Lambda::Function', () => {
  it('is created of a text, changed to an object of a bucket with another environment, and deleted', async () => {
    const mine = new ResourceFixture(lambdaFunction, 'mine', aws.clients);
    const inline = {
      ...properties,
      Code: { ZipFile: 'exports.handler = async () => process.env.GREETING;' },
      Environment: { Variables: { GREETING: 'hello' } },
      Description: 'greets',
      Timeout: '9',
    };
    expect(await mine.exists(inline)).toBe(false);
    const created = await mine.create(inline);
    expect(created).toEqual({ ref: 'mine', attributes: { Arn } });
    expect(await mine.create(inline)).toEqual(created);
    expect([await mine.exists(), await invoke()]).toEqual([true, 'hello']);

    // As a plain NodejsFunction bundles it: the SDK is external.
    const external = `
      const { HeadBucketCommand, S3Client } = require('@aws-sdk/client-s3');
      exports.handler = async () => {
        await new S3Client({ forcePathStyle: true }).send(new HeadBucketCommand({ Bucket: 'code' }));
        return [typeof process.env.GREETING, 'found'];
      };`;
    await aws.clients.s3.send(
      new PutObjectCommand({ Bucket: 'code', Key: 'a.zip', Body: zipText('index.js', external) }),
    );
    expect(await mine.update({ ...properties, Code: { S3Bucket: 'code', S3Key: 'a.zip' } })).toEqual(created);
    expect(await invoke()).toEqual(['undefined', 'found']);
    const configuration = new GetFunctionConfigurationCommand({ FunctionName: 'mine' });
    expect(await aws.clients.lambda.send(configuration)).toMatchObject({
      Timeout: 3,
      MemorySize: 128,
      Description: '',
    });

    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });

  it('says which object of its code is missing, and stays as it was', async () => {
    const mine = new ResourceFixture(lambdaFunction, 'mine', aws.clients);
    await mine.create({ ...properties, Code: { ZipFile: 'exports.handler = async () => 1;' } });
    await expect(mine.update({ ...properties, Code: { S3Bucket: 'code', S3Key: 'no.zip' } })).rejects.toThrow(
      /Error occurred while GetObject\. S3 Error Code: NoSuchKey\..* \(code\/no\.zip\)/,
    );
    expect(await invoke()).toBe(1);
    await mine.delete();
  });

  it.each<[string, JsonObject, RegExp]>([
    ['another language', { Runtime: 'python3.13', Code: { ZipFile: '' } }, /Mine\.Runtime/],
    ['layers', { Layers: ['arn'], Code: { ZipFile: '' } }, /Mine\.Layers/],
    ['code in two places', { Code: { ZipFile: '', S3Bucket: 'b', S3Key: 'k' } }, /Mine\.Code: expected ZipFile/],
    ['a bucket without a key', { Code: { S3Bucket: 'b' } }, /Mine\.Code: expected ZipFile/],
  ])('refuses %s', async (_what, more, message) => {
    const mine = new ResourceFixture(lambdaFunction, 'refused', aws.clients);
    await expect(mine.create({ ...properties, ...more })).rejects.toThrow(message);
  });

  it('says that an older runtime is the Node of this machine', () => {
    expect(lambdaFunction.standIns({ Runtime: 'nodejs22.x' })).toEqual({
      'nodejs22.x': expect.stringMatching(/^the function runs on Node \d+, as the runtime does$/),
    });
    expect(lambdaFunction.standIns({ Runtime: 'nodejs24.x' })).toEqual({});
  });
});
