import { attributeMap } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import * as z from 'zod';

/**
 * A change of an item as EventBridge Pipes hands on a record of a DynamoDB stream. The image is missing of an item that
 * was removed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export const changeEvent = z.looseObject({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.looseObject({
    /** Epoch seconds. */
    ApproximateCreationDateTime: z.number().min(0).max(253_402_300_799).nullish(),
    Keys: attributeMap.refine((keys) => Object.keys(keys).length > 0, 'has no attribute'),
    NewImage: attributeMap.nullish(),
    /** AWS: 21 to 40 digits. */
    SequenceNumber: z.string().regex(/^\d{1,40}$/),
  }),
});

/** A change of an item. */
export type ChangeEvent = z.output<typeof changeEvent>;
