import type { AccessControl } from '../access-control.ts';
import { announceDecisions, type OnDecision } from './decisions.ts';
import { keyRequests } from './key-requests.ts';

/** What {@link createDeliveryCheck} needs. */
export interface DeliveryCheckOptions {
  readonly access: AccessControl;
  readonly onDecision: OnDecision;
  /** The endpoint's. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** Whether SNS may send the messages of a topic to a queue, by the policies of the queue and of its key. */
export function createDeliveryCheck(options: DeliveryCheckOptions): (topicArn: string, queueArn: string) => boolean {
  const { access, onDecision, region, accountId } = options;
  const decide = announceDecisions(access, onDecision);
  return (sourceArn, resource) => {
    const caller = { kind: 'service', principal: 'sns.amazonaws.com', sourceArn } as const;
    const request = { action: 'sqs:SendMessage', resource };
    const keyed = { access, caller, operation: 'SendMessage', headers: {}, region, accountId };
    return [request, ...keyRequests(request, keyed)].every((each) => decide(caller, each).isAllowed);
  };
}
