import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Looks up the address of a queue by its ARN, once. Rejects with the SDK's errors. */
export function queueUrlLookup(client: () => SQSClient, arn: string): (signal?: AbortSignal) => Promise<string> {
  let url: string | undefined;
  return async (abortSignal) => {
    if (url !== undefined) return url;
    const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
    const answer = await client().send(new GetQueueUrlCommand({ QueueName }), { abortSignal });
    if (answer.QueueUrl === undefined) throw new Error(`SQS gave no URL for ${arn}`);
    url = answer.QueueUrl;
    return url;
  };
}
