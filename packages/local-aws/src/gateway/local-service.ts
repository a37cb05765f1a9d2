/** The caller, from the signature's credential scope. It is not verified. */
export interface RequestContext {
  region: string;
  accountId: string;
  requestId: string;
  /** The access key id of the request. Distinguishes the runtime's workers from users. */
  accessKeyId: string;
}

/**
 * One API operation of a service of the runtime. `input` and the result use the member names of AWS's API model,
 * whatever the wire protocol: a blob is a `Uint8Array`, a timestamp a `Date`, absent members are absent. A handler
 * validates `input` with a schema. Throws {@link AwsError} with the code of the API model.
 */
export type Operation = (input: Record<string, unknown>, context: RequestContext) => Promise<object>;

/** A service of the runtime (states, pipes, firehose, lambda, cloudformation, sts). */
export interface LocalService {
  /** The service name in the signature's credential scope. */
  readonly signingName: string;
  /** By operation name (`StartSyncExecution`). Any other operation answers `UnknownOperationException`. */
  readonly operations: Readonly<Record<string, Operation>>;
}
