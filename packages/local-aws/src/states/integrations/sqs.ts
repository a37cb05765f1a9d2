import { SendMessageCommand, type SendMessageCommandInput, SQSServiceException } from '@aws-sdk/client-sqs';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Integration } from './integration.ts';
import { rememberHeaders, responseMetadata, whereHeadersAre } from './response-metadata.ts';
import { sdkAnswer } from './sdk-json.ts';
import { type ErrorNaming, taskError } from './service-errors.ts';

const NAMING: ErrorNaming = { prefix: 'SQS', unmodelled: 'AmazonSQSException', service: 'AmazonSQS', sdk: 'java-1' };
const SEND_MESSAGE = [
  'QueueUrl',
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
  'MessageSystemAttributes',
] satisfies (keyof SendMessageCommandInput)[];

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html} */
export const sqsIntegrations: readonly Integration[] = [
  {
    resource: 'arn:aws:states:::sqs:sendMessage',
    resourceType: 'sqs',
    action: 'sendMessage',
    argumentNames: new Set(SEND_MESSAGE),
    async call(clients, input, abortSignal) {
      clients.sqs.middlewareStack.add(rememberHeaders, whereHeadersAre);
      const answer = await clients.sqs
        .send(new SendMessageCommand(sendMessageInput(input)), { abortSignal })
        .catch((error: unknown) => {
          throw taskError(error, NAMING, SQSServiceException);
        });
      return { ...sdkAnswer(answer), ...responseMetadata(answer.$metadata) };
    },
  },
];

/** The body may be any JSON value. A value that is not a string is written as JSON. */
function sendMessageInput(input: JsonObject): SendMessageCommandInput {
  const { MessageBody: body, ...members } = input;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return { ...(members as unknown as SendMessageCommandInput), MessageBody: text };
}
