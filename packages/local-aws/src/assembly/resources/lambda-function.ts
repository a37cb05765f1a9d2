import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnInteger, cfnString } from '../values.ts';
import { zipFolder } from '../zip-folder.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema: z.strictObject({
    FunctionName: z.string().optional(),
    Description: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.literal('nodejs24.x'),
    Role: z.string(),
    Timeout: cfnInteger.optional(),
    MemorySize: cfnInteger.optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    LoggingConfig: z
      .strictObject({ LogGroup: z.string().optional(), LogFormat: z.literal('Text').optional() })
      .optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), cfnString) }).optional(),
  }),
  inert: {
    Architectures: 'the function runs on the processor of this machine',
    TracingConfig: 'there is no X-Ray',
    Tags: 'tags change no behaviour',
  },
  async create({ logicalId, physicalName }, properties, { clients, assets }) {
    const { FunctionName: _, Code: code, ...rest } = properties;
    const asset = assets.get(code.S3Key);
    if (asset === undefined) {
      throw new Error(`${logicalId}: Code.S3Key ${code.S3Key} is no asset of the cloud assembly. Synthesize it again.`);
    }
    const { FunctionArn } = await clients.lambda.send(
      new CreateFunctionCommand({
        ...rest,
        FunctionName: physicalName,
        Code: { ZipFile: await zipFolder(asset.path) },
      }),
    );
    return { ref: physicalName, attributes: { Arn: FunctionArn ?? '' } };
  },
});
