import { unsignedAuthorization } from '@tweet-pipes/kit/aws-clients';
import { AwsError } from '../gateway/aws-error.ts';
import { unsupportedOperation } from '../gateway/errors.ts';
import { parseQuery, queryError } from '../gateway/protocols/query.ts';
import type { WireRequest, WireResponse, WireService } from '../gateway/wire.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** The supported SNS operations. */
export const snsOperations: ReadonlySet<string> = new Set([
  ...['CreateTopic', 'DeleteTopic', 'ListTopics', 'GetTopicAttributes', 'SetTopicAttributes'],
  ...['Subscribe', 'Unsubscribe', 'ListSubscriptions', 'ListSubscriptionsByTopic'],
  ...['GetSubscriptionAttributes', 'SetSubscriptionAttributes'],
  ...['Publish', 'PublishBatch', 'TagResource', 'UntagResource', 'ListTagsForResource'],
]);

/** Queues get messages. Subscriptions by mail are kept, and get none. */
const PROTOCOLS = new Set(['sqs', 'email', 'email-json']);

/** Sends a request to fauxqs, with these headers in place of its own. */
type Dispatch = (request: WireRequest, headers: Record<string, string>) => Promise<WireResponse>;

/** SNS by the engine of the queues, which get the messages of their topics. */
export function snsService(dispatch: Dispatch, region: string): WireService {
  // The engine takes the region of ARNs from the signature. It must be the endpoint's, not the caller's.
  const authorization = unsignedAuthorization('local', region, 'sns');
  return {
    signingName: 'sns',
    targetPrefixes: [],
    operation: (request) => parseQuery(request).action,
    async handle({ operation, request, context }) {
      if (!snsOperations.has(operation)) throw unsupportedOperation('sns', operation);
      const { Protocol } = parseQuery(request).input;
      if (operation === 'Subscribe' && typeof Protocol === 'string' && !PROTOCOLS.has(Protocol)) {
        throw new AwsError(
          'InvalidParameter',
          `Protocol: the local endpoint sends messages to queues (sqs), not by ${Protocol}.`,
        );
      }
      const answer = await dispatch(
        { ...request, url: '/' },
        { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      );
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': context.requestId } };
    },
    fail: (error, _request, requestId) => queryError(NAMESPACE, error, requestId),
  };
}
