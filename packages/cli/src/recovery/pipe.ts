import { DescribePipeCommand } from '@aws-sdk/client-pipes';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { DescribedDelivery } from '@tweet-pipes/local-aws/pipes/redelivery';
import { RecoveryError } from './errors.ts';

/** What a recovery needs to know about a pipe of the stack. */
export interface DescribedPipe {
  name: string;
  /** `RUNNING`, `STOPPED`, … */
  state: string;
  stateReason: string | undefined;
  /** ARN of its source stream. */
  sourceArn: string;
  /** What the answer of DescribePipe says of filter, enrichment and target. */
  delivery: DescribedDelivery;
  /** ARN of its dead-letter queue. */
  deadLetterArn: string;
  /** ARN of its log group; undefined where it logs to none. */
  logGroupArn: string | undefined;
}

/** Describes a pipe. Throws RecoveryError when it does not exist or is not a pipe of this project. */
export async function describePipe(clients: AwsClients, name: string): Promise<DescribedPipe> {
  const answer = await clients.pipes.send(new DescribePipeCommand({ Name: name })).catch((error: unknown) => {
    if (!isNamed(error, 'NotFoundException')) throw error;
    throw new RecoveryError(`There is no pipe ${name}: the stack is not deployed to its end.`, { isRefusal: true });
  });
  const { Source: sourceArn, SourceParameters: source } = answer;
  const deadLetterArn =
    source?.KinesisStreamParameters?.DeadLetterConfig?.Arn ?? source?.DynamoDBStreamParameters?.DeadLetterConfig?.Arn;
  if (sourceArn === undefined || deadLetterArn === undefined) {
    throw new RecoveryError(`The pipe ${name} has no dead-letter queue: it is not a pipe of this project.`, {
      isRefusal: true,
    });
  }
  return {
    name,
    state: answer.CurrentState ?? 'UNKNOWN',
    stateReason: answer.StateReason,
    sourceArn,
    delivery: answer,
    deadLetterArn,
    logGroupArn: answer.LogConfiguration?.CloudwatchLogsLogDestination?.LogGroupArn,
  };
}
