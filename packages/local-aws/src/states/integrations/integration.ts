import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** One API action that a Task may call, under the resource ARN that AWS knows it by. */
export interface Integration {
  /** `arn:aws:states:::aws-sdk:dynamodb:batchGetItem`. */
  readonly resource: string;
  /** For the history: `dynamodb`, `aws-sdk:dynamodb`. */
  readonly resourceType: string;
  /** For the history: `batchGetItem`. */
  readonly action: string;
  /** Every argument that is understood; any other is refused, as AWS refuses members that the action does not have. */
  readonly argumentNames: ReadonlySet<string>;
  /** Makes the call and answers in AWS's output shape. Throws `StateError` with AWS's error name and cause. */
  call(clients: AwsClients, input: JsonObject, signal: AbortSignal): Promise<Json>;
}

/** What a Task asks to be done. The signal aborts when nobody waits for the answer any more. */
export interface TaskCall {
  readonly integration: Integration;
  readonly arguments: JsonObject;
  readonly signal: AbortSignal;
}

/** Does a Task's call; throws `StateError` for what AWS reports as a failed task. */
export type TaskRunner = (call: TaskCall) => Promise<Json>;
