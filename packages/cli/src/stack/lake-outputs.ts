import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import * as z from 'zod';
import { findStack, parseOutputs, stacksThere } from './find-stack.ts';

const schema = z.object({
  LakeBucketName: z.string(),
  LakeDatabaseName: z.string(),
  LakeDeliveryStreamName: z.string(),
  LakeCrawlerName: z.string(),
  WorkGroupName: z.string(),
  /** The option of the deployment. */
  ArchiveContent: z.enum(['full', 'keys']),
});

/** The names of the lake's resources, locally or on AWS. Other outputs are ignored. */
export type LakeOutputs = z.output<typeof schema>;

/**
 * Reads the outputs of the lake's stack from CloudFormation. Throws CliError when there is no such stack or it lacks an
 * output, else the SDK's error.
 */
export async function readLakeOutputs(clients: AwsClients, stackName: string): Promise<LakeOutputs> {
  const outputs = await findLakeOutputs(clients, stackName);
  if (outputs !== undefined) return outputs;
  throw new CliError(
    `The lake is not deployed here: there is no stack ${stackName}.${await stacksThere(clients)} On AWS: npx cdk deploy TweetPipes TweetLake. On this machine: npx tweet-pipes local --stacks TweetPipes,TweetLake. ` +
      'If it has another name, say so with --lake-stack <name>.',
  );
}

/** As {@link readLakeOutputs}, and undefined when there is no such stack. */
export async function findLakeOutputs(clients: AwsClients, stackName: string): Promise<LakeOutputs | undefined> {
  const stack = await findStack(clients, stackName);
  return stack && parseOutputs(stack, schema, 'a lake of tweet-pipes');
}
