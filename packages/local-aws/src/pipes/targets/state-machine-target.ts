import type { SFNClient } from '@aws-sdk/client-sfn';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Json } from '@tweet-pipes/kit/json';
import { callJson } from '@tweet-pipes/kit/json-call';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import type { Target } from './target.ts';

/**
 * Limit of a Step Functions payload, in characters
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html).
 */
const maximumPayloadCharacters = 262_144;

const START_SYNC_EXECUTION = { service: 'AWSStepFunctions', operation: 'StartSyncExecution' } as const;

/** A synchronous call of a Standard workflow never succeeds, so it stops the pipe. */
const fatalNames = new Set(['StateMachineTypeNotSupported']);

/**
 * A state machine as target. Its input is the batch as one JSON array, also for a single record. `REQUEST_RESPONSE`
 * waits for the Express workflow; FAILED and TIMED_OUT are customer errors. `FIRE_AND_FORGET` succeeds when the
 * execution has started.
 */
export function stateMachineTarget(
  client: () => SFNClient,
  stateMachineArn: string,
  invocationType: 'REQUEST_RESPONSE' | 'FIRE_AND_FORGET',
): Target {
  return {
    service: 'states',
    maximumElements: Number.POSITIVE_INFINITY,
    async deliver(elements, signal) {
      const payload = `[${elements.map(({ text }) => text).join(',')}]`;
      if (invocationType === 'REQUEST_RESPONSE') return runExpressWorkflow(client, stateMachineArn, payload, signal);
      assertStatesPayload(payload);
      await client()
        .send(new StartExecutionCommand({ stateMachineArn, input: payload }), { abortSignal: signal })
        .catch(throwFailure);
      return undefined;
    },
  };
}

/** Runs an Express workflow to its end and returns its output. Throws {@link DeliveryFailure}. */
export async function runExpressWorkflow(
  client: () => SFNClient,
  stateMachineArn: string,
  payload: string,
  abortSignal: AbortSignal,
): Promise<Json | undefined> {
  assertStatesPayload(payload);
  // The SDK writes large texts character by character.
  const input = { stateMachineArn, input: payload };
  const { headers, body } = await callJson(client(), START_SYNC_EXECUTION, input, abortSignal).catch(throwFailure);
  const { status, error, cause, output } = body;
  if (status !== 'SUCCEEDED') {
    const name = String(error ?? `Execution${status ?? 'Unfinished'}`);
    throw new DeliveryFailure('customer', name, String(cause ?? `The execution ended as ${status}.`), {
      service: 'states',
      httpStatusCode: 200,
      requestId: headers['x-amzn-requestid'],
    });
  }
  return typeof output === 'string' && output !== '' ? JSON.parse(output) : undefined;
}

function assertStatesPayload(payload: string): void {
  if (payload.length <= maximumPayloadCharacters) return;
  throw new DeliveryFailure(
    'customer',
    'PayloadTooLarge',
    `The payload has ${payload.length} characters. Step Functions allows ${maximumPayloadCharacters}.`,
    { service: 'states', httpStatusCode: 413 },
  );
}

function throwFailure(error: unknown): never {
  const failure = deliveryFailure(error, 'states');
  if (!fatalNames.has(failure.name)) throw failure;
  throw new DeliveryFailure('fatal', failure.name, failure.message, {
    service: 'states',
    httpStatusCode: failure.httpStatusCode,
    requestId: failure.requestId,
    cause: error,
  });
}
