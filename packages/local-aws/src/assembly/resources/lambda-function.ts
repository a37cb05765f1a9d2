import { readFile } from 'node:fs/promises';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { cfnInteger, cfnString, onlyHere } from '../values.ts';
import { zipFolder, zipText } from '../zip-folder.ts';

/**
 * Characters:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
const INLINE_CHARACTERS = 4 * 1024 * 1024;
const NO_NODE_OF_ITS_OWN = 'nodejs24.x';

const schema = z.strictObject({
  FunctionName: z.string().optional(),
  Description: z.string().optional(),
  Code: z
    .strictObject({
      S3Bucket: z.string().optional(),
      S3Key: z.string().optional(),
      ZipFile: z.string().max(INLINE_CHARACTERS).optional(),
    })
    .refine(
      ({ S3Bucket, S3Key, ZipFile }) =>
        (S3Bucket === undefined) === (S3Key === undefined) && (S3Key === undefined) !== (ZipFile === undefined),
      'expected ZipFile with the text of the function, or S3Bucket and S3Key',
    ),
  Handler: z.string(),
  PackageType: onlyHere('Zip').optional(),
  Runtime: onlyHere('nodejs20.x', 'nodejs22.x', 'nodejs24.x'),
  Role: z.string(),
  Timeout: cfnInteger.default(3),
  MemorySize: cfnInteger.default(128),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z.strictObject({ LogGroup: z.string().optional(), LogFormat: onlyHere('Text').optional() }).optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), cfnString).optional() }).optional(),
});
type Properties = z.infer<typeof schema>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema,
  inert: {
    Architectures: 'the function runs on the processor of this machine',
    EphemeralStorage: 'the function uses the disk of this machine',
    KmsKeyArn: 'nothing is encrypted on this machine by the runtime',
    RecursiveLoop: 'loops are not detected',
    ReservedConcurrentExecutions: 'four invocations of a function run at a time; more wait',
    RuntimeManagementConfig: 'the function runs on the Node of the runtime',
    TracingConfig: 'there is no X-Ray',
    Tags: 'tags change no behaviour',
  },
  standIns({ Runtime }): Readonly<Record<string, string>> {
    if (typeof Runtime !== 'string' || Runtime === NO_NODE_OF_ITS_OWN) return {};
    return { [Runtime]: `the function runs on Node ${process.versions.node.split('.')[0]}, as the runtime does` };
  },
  createOnly: ['PackageType'],
  deletedWithIt: 'its code',
  exists: async ({ physicalName }, _properties, { clients }) => (await describe(physicalName, clients)) !== undefined,
  async create({ logicalId, physicalName: FunctionName }, properties, context) {
    const { lambda } = context.clients;
    const code = await codeOf(logicalId, properties, context);
    const configuration = configurationOf(properties);
    const { PackageType } = properties;
    const command = new CreateFunctionCommand({ ...configuration, FunctionName, PackageType, Code: code });
    let made: FunctionConfiguration | undefined = await unlessError(lambda.send(command), 'ResourceConflictException');
    if (made === undefined) {
      await lambda.send(new UpdateFunctionCodeCommand({ ...code, FunctionName }));
      made = await lambda.send(new UpdateFunctionConfigurationCommand({ ...configuration, FunctionName }));
    }
    return { ref: FunctionName, attributes: { Arn: made.FunctionArn ?? '' } };
  },
  async delete({ ref: FunctionName }, { clients }) {
    await unlessError(clients.lambda.send(new DeleteFunctionCommand({ FunctionName })), 'ResourceNotFoundException');
  },
});

async function describe(
  FunctionName: string,
  { lambda }: LoadContext['clients'],
): Promise<FunctionConfiguration | undefined> {
  const command = new GetFunctionConfigurationCommand({ FunctionName });
  return unlessError(lambda.send(command), 'ResourceNotFoundException');
}

/** What AWS changes in place beside the code, all of it. */
function configurationOf({ FunctionName: _, Code: __, PackageType: ___, ...properties }: Properties) {
  const { LogFormat = 'Text', LogGroup } = properties.LoggingConfig ?? {};
  return {
    ...properties,
    Description: properties.Description ?? '',
    Environment: properties.Environment ?? { Variables: {} },
    DeadLetterConfig: { TargetArn: '', ...properties.DeadLetterConfig },
    LoggingConfig: { LogFormat, ...(LogGroup !== undefined && { LogGroup }) },
  } as const;
}

type Code = { ZipFile: Uint8Array } | { S3Bucket: string | undefined; S3Key: string };

/** Code that is no asset of the loaded assembly is in a bucket of the endpoint. A text becomes the file index.js. */
async function codeOf(logicalId: string, { Code: code }: Properties, { assets }: LoadContext): Promise<Code> {
  if (code.ZipFile !== undefined) return { ZipFile: zipText('index.js', code.ZipFile) };
  const { S3Bucket, S3Key = '' } = code;
  const asset = assets.get(S3Key);
  if (asset === undefined) return { S3Bucket, S3Key };
  if (asset.packaging === 'zip') return { ZipFile: await zipFolder(asset.path) };
  if (!asset.path.endsWith('.zip')) throw new Error(`${logicalId}: Code.S3Key ${S3Key} is no zip file.`);
  return { ZipFile: await readFile(asset.path) };
}
