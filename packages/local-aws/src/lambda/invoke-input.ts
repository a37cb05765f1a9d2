import { z } from 'zod';

import { AwsError } from '../gateway/aws-error.ts';

/** 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the exact figure is recalled. */
const requestBytes = 6_291_456;

const invokeInput = z.strictObject({
  FunctionName: z.string(),
  InvocationType: z.enum(['RequestResponse', 'DryRun', 'Event']).default('RequestResponse'),
  LogType: z.enum(['None', 'Tail']).default('None'),
  /** Base64 of JSON. */
  ClientContext: z.string().max(3583).optional(),
  Payload: z.instanceof(Uint8Array, { error: 'must be a blob' }).optional(),
  Qualifier: z.string().optional(),
});

/** The parsed input of Invoke. */
export interface InvokeInput {
  functionName: string;
  qualifier: string | undefined;
  isDryRun: boolean;
  withTail: boolean;
  /** JSON text; `{}` if absent. */
  payload: string;
  /** JSON text. */
  clientContext: string | undefined;
}

/**
 * Parses the input of Invoke. Throws InvalidParameterValueException, also for InvocationType Event, whose retries and
 * dead letters are not supported; RequestTooLargeException above 6 MB; InvalidRequestContentException for invalid JSON.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function parseInvoke(input: Record<string, unknown>): InvokeInput {
  const parsed = invokeInput.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AwsError('InvalidParameterValueException', `${issue?.path.map(String).join('.')}: ${issue?.message}`);
  }
  const { data } = parsed;
  if (data.InvocationType === 'Event') {
    throw new AwsError(
      'InvalidParameterValueException',
      'InvocationType: Event is not supported by the local Lambda; use RequestResponse',
    );
  }
  const payload = data.Payload ?? new Uint8Array();
  if (payload.length > requestBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${requestBytes} bytes for the InvokeFunction operation`,
      { statusCode: 413 },
    );
  }
  return {
    functionName: data.FunctionName,
    qualifier: data.Qualifier,
    isDryRun: data.InvocationType === 'DryRun',
    withTail: data.LogType === 'Tail',
    payload: payload.length === 0 ? '{}' : json('request body', Buffer.from(payload).toString()),
    clientContext:
      data.ClientContext === undefined
        ? undefined
        : json('client context', Buffer.from(data.ClientContext, 'base64').toString()),
  };
}

function json(what: string, text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const message = `Could not parse ${what} into json: ${cause instanceof Error ? cause.message : cause}`;
    throw new AwsError('InvalidRequestContentException', message, { cause });
  }
}
