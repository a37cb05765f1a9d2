import type { TestStateCommandInput } from '@aws-sdk/client-sfn';
import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import type { State } from '@tweet-pipes/local-aws/states/definition/definition';
import { innerGraphs } from '@tweet-pipes/local-aws/states/definition/find-state';
import type { StateVisit } from '@tweet-pipes/local-aws/states/interpreter/thread';

/**
 * The size of a request that AWS accepts, 1 MB.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html}
 */
export const REQUEST_BYTES = 1_048_576;

/**
 * The request that repeats a visit with TestState. A Task, Map or Parallel gets what it got as a mock, so that nothing
 * is called and no role is needed. AWS takes no context object for a state inside a Map: it makes its own.
 */
export function stateRequest(
  definition: string,
  { state, input, variables, ...outcome }: StateVisit,
): TestStateCommandInput {
  return {
    definition,
    stateName: state.name,
    input: JSON.stringify(input),
    variables: JSON.stringify(variables),
    ...(outcome.result === undefined ? {} : { mock: { result: JSON.stringify(outcome.result) } }),
    ...(outcome.errorOutput === undefined ? {} : mockedError(state, outcome.errorOutput)),
  };
}

/** Bytes of the request's body. */
export function requestBytes(request: TestStateCommandInput): number {
  return Buffer.byteLength(JSON.stringify(request));
}

/** All retries count as made, so that the catcher acts. */
function mockedError(state: State, errorOutput: Json): Partial<TestStateCommandInput> {
  const { Error: error, Cause: cause } = isJsonObject(errorOutput) ? errorOutput : {};
  const [inner] = innerGraphs(state);
  const retries = 'retry' in state ? state.retry.map(({ maxAttempts }) => maxAttempts) : [];
  return {
    mock: { errorOutput: { error: String(error), ...(cause === undefined ? {} : { cause: String(cause) }) } },
    stateConfiguration: {
      retrierRetryCount: Math.max(0, ...retries),
      ...(inner === undefined ? {} : { errorCausedByState: inner.startAt }),
    },
  };
}
