import { attributeMap } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import * as z from 'zod';

/**
 * A REMOVE event of a DynamoDB stream as EventBridge Pipes hands it over, values in DynamoDB JSON.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
 */
export const removalEvent = z.looseObject({
  eventID: z.string().min(1),
  eventName: z.literal('REMOVE'),
  eventSourceARN: z.string(),
  userIdentity: z.looseObject({ type: z.string().optional(), principalId: z.string().optional() }).nullish(),
  dynamodb: z.looseObject({
    /** Epoch seconds. */
    ApproximateCreationDateTime: z.number().min(0).max(8.64e12).nullish(),
    Keys: attributeMap.refine((keys) => Object.keys(keys).length > 0, 'has no attribute'),
    OldImage: attributeMap.nullish(),
  }),
});

export type RemovalEvent = z.infer<typeof removalEvent>;

/**
 * The table in the ARN of a stream (`…:table/Tweets/stream/2026-…`) or of a table, as in AWS's sample events; undefined
 * for any other text.
 */
export function tableName(eventSourceArn: string): string | undefined {
  return /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)(?:\/stream\/.+)?$/.exec(eventSourceArn)?.[1];
}

/** ISO 8601 with milliseconds; null when the event has no time. DynamoDB rounds down to the second. */
export function removedAt(event: RemovalEvent): string | null {
  const seconds = event.dynamodb.ApproximateCreationDateTime;
  return typeof seconds === 'number' ? new Date(Math.floor(seconds * 1000)).toISOString() : null;
}

/**
 * `ttl` when DynamoDB itself removed the item because it expired, else `user`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
export function cause(event: RemovalEvent): 'ttl' | 'user' {
  const identity = event.userIdentity;
  return identity?.type === 'Service' && identity.principalId === 'dynamodb.amazonaws.com' ? 'ttl' : 'user';
}
