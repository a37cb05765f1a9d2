import { AsyncLocalStorage } from 'node:async_hooks';
import { parseQuery } from '../gateway/protocols/query.ts';
import type { WireRequest } from '../gateway/wire.ts';

/** A store of queues by which the engine finds those that are subscribed to a topic. */
interface Queues<Queue> {
  getQueueByArn(arn: string): Queue | undefined;
}

/**
 * Lets the engine deliver a topic's messages only to queues that take them. It delivers inside of itself, without a
 * call that the endpoint could decide, so a queue that does not take them is not there for it while it publishes. A
 * message that is not taken is lost, as on AWS without a redrive policy of the subscription.
 */
export function limitDeliveries<Queue>(
  queues: Queues<Queue>,
  mayDeliver: ((topicArn: string, queueArn: string) => boolean) | undefined,
): { run<T>(request: WireRequest, dispatch: () => T): T } {
  if (mayDeliver === undefined) return { run: (_request, dispatch) => dispatch() };
  const publishing = new AsyncLocalStorage<string>();
  const find = queues.getQueueByArn.bind(queues);
  queues.getQueueByArn = (arn) => {
    const topicArn = publishing.getStore();
    return topicArn === undefined || mayDeliver(topicArn, arn) ? find(arn) : undefined;
  };
  return {
    run(request, dispatch) {
      const { action, input } = parseQuery(request);
      const topicArn = input.TopicArn ?? input.TargetArn;
      const isPublish = action === 'Publish' || action === 'PublishBatch';
      return isPublish && typeof topicArn === 'string' ? publishing.run(topicArn, dispatch) : dispatch();
    },
  };
}
