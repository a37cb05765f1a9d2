import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a cloud assembly with one stack, `Small`, of these resources and outputs. */
export async function writeSmallAssembly(folder: string, Resources: object, Outputs: object = {}): Promise<void> {
  await writeAssembly(folder, { Small: { Resources, Outputs } });
}

/** Writes a cloud assembly of these stacks by name. None says that it needs another. */
export async function writeAssembly(folder: string, templates: Readonly<Record<string, object>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const artifacts = Object.keys(templates).map((name) => {
    const templateFile = `${name}.template.json`;
    return [name, { type: 'aws:cloudformation:stack', properties: { templateFile } }] as const;
  });
  const manifest = { version: '55.0.0', artifacts: Object.fromEntries(artifacts) };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  for (const [name, template] of Object.entries(templates)) {
    await writeFile(join(folder, `${name}.template.json`), JSON.stringify(template));
  }
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
  Alias: { Type: 'AWS::KMS::Alias' },
};
