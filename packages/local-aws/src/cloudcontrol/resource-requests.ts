import type { AwsError } from '../gateway/aws-error.ts';

/** Requests that are kept, the newest. AWS keeps them for seven days. */
const MAX_REQUESTS = 100;

/** A change of a resource that a client has asked for. */
export interface ResourceRequest {
  readonly token: string;
  /** What the client calls it, so that one that is sent twice runs once. */
  readonly clientToken: string | undefined;
  /** `AWS::SQS::Queue` */
  readonly typeName: string;
  readonly identifier: string;
  status: 'IN_PROGRESS' | 'SUCCESS' | 'FAILED';
  /** When it got its status. */
  eventAtMs: number;
  failure: AwsError | undefined;
}

/** The requests since the start of the endpoint. */
export class ResourceRequests {
  /** By token, oldest first. */
  readonly #requests = new Map<string, ResourceRequest>();

  add(request: ResourceRequest): void {
    this.#requests.set(request.token, request);
    const [oldest] = this.#requests.keys();
    if (oldest !== undefined && this.#requests.size > MAX_REQUESTS) this.#requests.delete(oldest);
  }

  get(token: string): ResourceRequest | undefined {
    return this.#requests.get(token);
  }

  withClientToken(clientToken: string | undefined): ResourceRequest | undefined {
    if (clientToken === undefined) return undefined;
    return this.newestFirst().find((request) => request.clientToken === clientToken);
  }

  newestFirst(): ResourceRequest[] {
    return [...this.#requests.values()].reverse();
  }
}

/** https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ProgressEvent.html */
export function describeRequest({ typeName, identifier, token, status, eventAtMs, failure }: ResourceRequest): object {
  return {
    TypeName: typeName,
    Identifier: identifier,
    RequestToken: token,
    Operation: 'UPDATE',
    OperationStatus: status,
    EventTime: new Date(eventAtMs),
    // `NotUpdatableException` is `NotUpdatable` here.
    ErrorCode: failure?.name.replace(/(?<!Service)Exception$/, ''),
    StatusMessage: failure?.message,
  };
}
