import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** One API action that a Task may call. */
export interface Integration {
  /** `arn:aws:states:::aws-sdk:dynamodb:batchGetItem`. */
  readonly resource: string;
  /** For the history: `dynamodb`, `aws-sdk:dynamodb`. */
  readonly resourceType: string;
  /** For the history: `batchGetItem`. */
  readonly action: string;
  /** The supported arguments. Any other is refused, as AWS refuses members that the action does not have. */
  readonly argumentNames: ReadonlySet<string>;
  /** Makes the call. Returns AWS's output shape; throws `StateError` with AWS's error name and cause. */
  call(clients: AwsClients, input: JsonObject, signal: AbortSignal): Promise<Json>;
}

/** One call of a Task. The signal aborts when its answer is no longer needed. */
export interface TaskCall {
  readonly integration: Integration;
  readonly arguments: JsonObject;
  readonly signal: AbortSignal;
}

/** Makes a Task's call. Throws `StateError` for what AWS reports as a failed task. */
export type TaskRunner = (call: TaskCall) => Promise<Json>;
