import type { LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Json } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import type { Enrichment } from './enrichment.ts';

/**
 * Limit of request and response of a synchronous invocation
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const maximumPayloadBytes = 6 * 1024 * 1024;

const functionError = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** A Lambda function as enrichment. An error that the function throws is a customer error and fails the whole batch. */
export function lambdaEnrichment(client: () => LambdaClient, functionArn: string): Enrichment {
  return {
    service: 'lambda',
    async invoke(payload, abortSignal) {
      assertLambdaPayload(Buffer.byteLength(payload), 'request');
      const answer = await client()
        .send(new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(payload) }), { abortSignal })
        .catch((error: unknown) => {
          throw deliveryFailure(error, 'lambda');
        });
      const bytes = answer.Payload ?? new Uint8Array();
      assertLambdaPayload(bytes.byteLength, 'response');
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      if (answer.FunctionError !== undefined)
        throw functionFailure(answer.FunctionError, text, answer.$metadata.requestId);
      return text === '' ? null : parseAnswer(text);
    },
  };
}

function assertLambdaPayload(bytes: number, what: string): void {
  if (bytes <= maximumPayloadBytes) return;
  throw new DeliveryFailure(
    'customer',
    'RequestTooLargeException',
    `The enrichment's ${what} has ${bytes} bytes. At most ${maximumPayloadBytes} are allowed.`,
    {
      service: 'lambda',
      httpStatusCode: 413,
    },
  );
}

function functionFailure(kind: string, text: string, requestId: string | undefined): DeliveryFailure {
  let parsed: z.infer<typeof functionError> = {};
  try {
    parsed = functionError.catch({}).parse(JSON.parse(text));
  } catch {
    // The function failed without a JSON error: only its kind is known.
  }
  return new DeliveryFailure('customer', parsed.errorType ?? kind, parsed.errorMessage ?? 'The function failed.', {
    service: 'lambda',
    httpStatusCode: 200,
    requestId,
  });
}

function parseAnswer(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeliveryFailure(
      'customer',
      'InvalidEnrichmentResponse',
      'The enrichment answered something that is not JSON.',
      {
        service: 'lambda',
        cause,
      },
    );
  }
}
