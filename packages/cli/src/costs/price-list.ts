import { readFileSync } from 'node:fs';
import { type MeteredItem, meteredItems } from '@tweet-pipes/local-aws/meter/metered';
import { z } from 'zod';

/** What is kept: bytes times the months for which they are kept. */
export const storedItems = [
  'dynamodbStoredByteMonths',
  'dynamodbRecoveryByteMonths',
  's3StoredByteMonths',
  'logStoredByteMonths',
] as const;

/** What is paid while the stack stands, whether records come or not. */
export const standingItems = [
  'onDemandStreamHours',
  'shardHours',
  'extendedRetentionShardHours',
  /** GetRecords on the streams of tables that bring nothing. */
  'tableStreamPolls',
  'alarmMonths',
  'keyMonths',
] as const;

/** Bytes put into S3 are counted to know what is kept there; putting them costs by request. */
export type UsedItem = Exclude<MeteredItem, 's3StoredBytes'>;
export type StoredItem = (typeof storedItems)[number];
export type StandingItem = (typeof standingItems)[number];
/** Everything that has a price. */
export type PricedItem = UsedItem | StoredItem | StandingItem;

/** What is metered and paid for as it is used. */
export const usedItems = meteredItems.filter((item): item is UsedItem => item !== 's3StoredBytes');

const price = z.strictObject({
  /** For `per` of what the item counts, which is one of `unit`. */
  usd: z.number().nonnegative(),
  per: z.number().positive(),
  unit: z.string().min(1),
  label: z.string().min(1),
  /** Where the price was found, and when. */
  source: z.string().min(1),
  /** `seen` at its source; `recalled`: from memory, to be checked. */
  certainty: z.enum(['seen', 'recalled']),
});
export type Price = z.infer<typeof price>;

const priceList = z.strictObject({
  region: z.string(),
  currency: z.literal('USD'),
  /** When it was put together, `2026-11`. */
  dated: z.string().regex(/^\d{4}-\d{2}$/),
  /** Exactly the items that there are: one more or less is an error. */
  prices: z.record(z.enum([...usedItems, ...storedItems, ...standingItems]), price),
});
export type PriceList = z.infer<typeof priceList>;

/** Throws ZodError that names what is missing, unknown or no price. */
export function parsePriceList(content: unknown): PriceList {
  return priceList.parse(content);
}

/** The list prices of one region, without any free tier. */
export function readPriceList(): PriceList {
  return parsePriceList(JSON.parse(readFileSync(new URL('prices.us-east-1.json', import.meta.url), 'utf8')));
}
