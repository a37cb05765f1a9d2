import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import * as z from 'zod';
import { findStack, parseOutputs } from './find-stack.ts';

const schema = z.object({
  TweetStreamName: z.string(),
  HashtagTableName: z.string(),
  TweetTableName: z.string(),
  DeletionTableName: z.string(),
  ShardTableName: z.string(),
  ArchiveBucketName: z.string(),
  IngestPipeName: z.string(),
  TweetArchivePipeName: z.string(),
  HashtagArchivePipeName: z.string(),
  WorkflowArn: z.string(),
});

/** The names of the stack's resources, locally or on AWS. Other outputs are ignored. */
export type StackOutputs = z.output<typeof schema>;

/**
 * Reads the stack's outputs from CloudFormation. Throws CliError when there is no such stack or it lacks an output,
 * else the SDK's error.
 */
export async function readStackOutputs(clients: AwsClients, stackName: string): Promise<StackOutputs> {
  const outputs = await findStackOutputs(clients, stackName);
  if (outputs === undefined) throw noStack(stackName);
  return outputs;
}

/** As {@link readStackOutputs}, and undefined when there is no such stack. */
export async function findStackOutputs(clients: AwsClients, stackName: string): Promise<StackOutputs | undefined> {
  const stack = await findStack(clients, stackName);
  return stack && parseOutputs(stack, schema, 'a tweet-pipes stack');
}

/** Says that there is no such stack, and what to do. */
export function noStack(stackName: string): CliError {
  return new CliError(
    `There is no stack ${stackName} here. If it was deployed under another name, say so with --stack <name>. ` +
      'On this machine: deploy it with `npx cdk deploy TweetPipes`, or start the runtime without --empty. ' +
      'On AWS: choose another account or region with AWS_PROFILE and AWS_REGION.',
  );
}
