import { AwsError } from '../gateway/aws-error.ts';

/**
 * Checks what the engine does not: the name of a new queue. Throws AwsError `InvalidParameterValue`, as
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html says.
 */
export function checkNewQueue({ QueueName: name }: Readonly<Record<string, unknown>>): void {
  if (typeof name !== 'string' || (name.length <= 80 && /^[\w-]+(?:\.fifo)?$/.test(name))) return;
  throw new AwsError(
    'InvalidParameterValue',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
}
