import type { LocalService } from '../../src/gateway/local-service.ts';

/** Services that do nothing but record which operation was called: `lambda CreateFunction`. */
export function recordingServices(calls: string[]): LocalService[] {
  const service = (signingName: string, operations: readonly string[]): LocalService => ({
    signingName,
    operations: Object.fromEntries(
      operations.map((operation) => [
        operation,
        async () => {
          calls.push(`${signingName} ${operation}`);
          return {};
        },
      ]),
    ),
  });
  return [
    service('lambda', ['CreateFunction', 'Invoke', 'ListFunctions']),
    service('states', ['StartSyncExecution']),
    service('cloudformation', ['DescribeStacks']),
    service('pipes', ['StopPipe']),
  ];
}

/** A query string as of a signed URL of the service. */
export function signedQuery(service: string): string {
  return `X-Amz-Credential=${encodeURIComponent(`key/20260101/us-east-1/${service}/aws4_request`)}&X-Amz-Signature=00`;
}
