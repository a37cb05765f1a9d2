import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a cloud assembly with one stack, `Small`, of these resources and outputs. */
export async function writeSmallAssembly(folder: string, Resources: object, Outputs: object = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'Small.template.json' } };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts: { Small: stack } }));
  await writeFile(join(folder, 'Small.template.json'), JSON.stringify({ Resources, Outputs }));
}

/** A stack of everything that keeps data. */
export const smallResources = {
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 2, RetentionPeriodHours: 48 } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 7 } },
  Role: { Type: 'AWS::IAM::Role' },
};
