import type { SFNClient } from '@aws-sdk/client-sfn';
import { StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import type { Json } from '@tweet-pipes/kit/json';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import type { Target } from './target.ts';

/**
 * Limit of a Step Functions payload, in characters
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html).
 */
const maximumPayloadCharacters = 262_144;

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
  const answer = await client()
    .send(new StartSyncExecutionCommand({ stateMachineArn, input: payload }), { abortSignal })
    .catch(throwFailure);
  if (answer.status !== 'SUCCEEDED') {
    const name = answer.error ?? `Execution${answer.status ?? 'Unfinished'}`;
    throw new DeliveryFailure('customer', name, answer.cause ?? `The execution ended as ${answer.status}.`, {
      service: 'states',
      httpStatusCode: 200,
      requestId: answer.$metadata.requestId,
    });
  }
  if (answer.output === undefined || answer.output === '') return undefined;
  return JSON.parse(answer.output);
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
