import type { BatchDetectSentimentCommandInput, DetectSentimentCommandInput } from '@aws-sdk/client-comprehend';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Integration } from './integration.ts';
import { sdkAnswer } from './sdk-json.ts';
import { taskError } from './service-errors.ts';

const DETECT = ['Text', 'LanguageCode'] satisfies (keyof DetectSentimentCommandInput)[];
const BATCH_DETECT = ['TextList', 'LanguageCode'] satisfies (keyof BatchDetectSentimentCommandInput)[];

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html} */
export const comprehendIntegrations: readonly Integration[] = [
  sentiment('detectSentiment', DETECT, async (clients, input, abortSignal) => {
    const { DetectSentimentCommand } = await import('@aws-sdk/client-comprehend');
    const comprehend = await clients.comprehend();
    return comprehend.send(new DetectSentimentCommand(input as unknown as DetectSentimentCommandInput), {
      abortSignal,
    });
  }),
  sentiment('batchDetectSentiment', BATCH_DETECT, async (clients, input, abortSignal) => {
    const { BatchDetectSentimentCommand } = await import('@aws-sdk/client-comprehend');
    const comprehend = await clients.comprehend();
    return comprehend.send(new BatchDetectSentimentCommand(input as unknown as BatchDetectSentimentCommandInput), {
      abortSignal,
    });
  }),
];

/** The client is loaded with the first call: most stacks do not need it. */
function sentiment(
  action: string,
  argumentNames: readonly string[],
  send: (clients: AwsClients, input: JsonObject, signal: AbortSignal) => Promise<object>,
): Integration {
  return {
    resource: `arn:aws:states:::aws-sdk:comprehend:${action}`,
    resourceType: 'aws-sdk:comprehend',
    action,
    argumentNames: new Set(argumentNames),
    async call(clients, input, signal) {
      try {
        return sdkAnswer(await send(clients, input, signal));
      } catch (error) {
        const { ComprehendServiceException } = await import('@aws-sdk/client-comprehend');
        throw taskError(
          error,
          { prefix: 'Comprehend', unmodelled: 'ComprehendException', service: 'Comprehend', sdk: 'java-2' },
          ComprehendServiceException,
        );
      }
    },
  };
}
