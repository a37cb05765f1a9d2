import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';

/** A stack of CloudFormation. */
export interface FoundStack {
  /** `CREATE_COMPLETE` */
  status: string;
  /** By key. */
  outputs: Record<string, string>;
}

/** Finds a stack by its name; undefined when there is none. Throws the SDK's error. */
export async function findStack(clients: AwsClients, stackName: string): Promise<FoundStack | undefined> {
  const found = await clients.cloudformation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((error: unknown) => {
      if (isNamed(error, 'ValidationError')) return undefined;
      throw error;
    });
  const [stack] = found?.Stacks ?? [];
  if (stack === undefined) return undefined;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return { status: String(stack.StackStatus), outputs: Object.fromEntries(outputs) };
}
