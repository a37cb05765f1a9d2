import { InvokeCommand, type InvokeCommandInput, LambdaServiceException } from '@aws-sdk/client-lambda';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { parseBoundedJson } from '../../bounded-json.ts';
import { StateError } from '../errors.ts';
import type { Integration } from './integration.ts';
import { rememberHeaders, responseMetadata, whereHeadersAre } from './response-metadata.ts';
import { sdkAnswer } from './sdk-json.ts';
import { type ErrorNaming, taskError } from './service-errors.ts';

const NAMING: ErrorNaming = { prefix: 'Lambda', unmodelled: 'AWSLambdaException', service: 'AWSLambda', sdk: 'java-1' };
const INVOKE = [
  'FunctionName',
  'Payload',
  'InvocationType',
  'ClientContext',
  'LogType',
  'Qualifier',
] satisfies (keyof InvokeCommandInput)[];

const functionError = z.object({ errorType: z.string() });

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html} */
export const lambdaIntegrations: readonly Integration[] = [
  {
    resource: 'arn:aws:states:::lambda:invoke',
    resourceType: 'lambda',
    action: 'invoke',
    argumentNames: new Set(INVOKE),
    async call(clients, input, abortSignal) {
      clients.lambda.middlewareStack.add(rememberHeaders, whereHeadersAre);
      const answer = await clients.lambda
        .send(new InvokeCommand(invokeInput(input)), { abortSignal })
        .catch((error: unknown) => {
          throw taskError(error, NAMING, LambdaServiceException);
        });
      const { Payload, FunctionError, ...members } = answer;
      const text = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8');
      if (FunctionError !== undefined) throw failure(text);
      return { ...sdkAnswer(members), Payload: parsed(text), ...responseMetadata(answer.$metadata) };
    },
  },
];

function invokeInput(input: JsonObject): InvokeCommandInput {
  const { Payload, ...members } = input;
  return {
    ...(members as unknown as InvokeCommandInput),
    ...(Payload === undefined ? {} : { Payload: Buffer.from(JSON.stringify(Payload), 'utf8') }),
  };
}

/** The error is named by the function's own error type. The cause is the function's whole answer. */
function failure(text: string): StateError {
  const answer = functionError.safeParse(parsed(text));
  if (answer.success) return new StateError(answer.data.errorType, text);
  return new StateError(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
  );
}

function parsed(text: string): Json {
  if (text === '') return {};
  try {
    return parseBoundedJson(text);
  } catch {
    return text;
  }
}
