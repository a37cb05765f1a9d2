import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';

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
  const found = await clients.cloudformation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ValidationError') return undefined;
      throw error;
    });
  const stack = found?.Stacks?.[0];
  if (stack === undefined) {
    throw new CliError(
      `There is no stack ${stackName} here. If it was deployed under another name, say so with --stack <name>; if it is in another ` +
        'account or region, choose those with AWS_PROFILE and AWS_REGION.',
    );
  }
  const outputs = Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new CliError(
    `The stack ${stackName} (${stack.StackStatus}) lacks the outputs ${missing}: it is not a tweet-pipes stack, or not deployed to its end.`,
  );
}
