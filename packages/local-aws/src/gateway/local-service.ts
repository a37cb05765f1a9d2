/** What the gateway knows of the caller: taken from the signature's credential scope, never checked. */
export interface RequestContext {
  region: string;
  accountId: string;
  requestId: string;
  /** The access key id of the request, for logs; dummy locally. */
  accessKeyId: string;
}

/**
 * One API operation of a service that is ours. `input` and the result use the member names of AWS's API model. On the
 * wire protocols differ; here a blob is a `Uint8Array`, a timestamp a `Date`, absent members are absent. Throws {@link
 * AwsError} with the code of the API model; a handler parses `input` with a schema before it trusts it.
 */
export type Operation = (input: Record<string, unknown>, context: RequestContext) => Promise<object>;

/** A service that is ours (states, pipes, firehose, lambda, cloudformation, sts), as the gateway serves it. */
export interface LocalService {
  /** The service name in the signature's credential scope. */
  readonly signingName: string;
  /**
   * By operation name (`StartSyncExecution`). An operation that is not here answers `UnknownOperationException`, by
   * name.
   */
  readonly operations: Readonly<Record<string, Operation>>;
}
