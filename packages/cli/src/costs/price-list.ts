import { readFileSync } from 'node:fs';
import { type MeteredItem, meteredItems } from '@tweet-pipes/local-aws/meter/metered';
import { z } from 'zod';

/** Stored bytes, times the months for which they are kept. */
export const storedItems = [
  'dynamodbStoredByteMonths',
  'dynamodbRecoveryByteMonths',
  's3StoredByteMonths',
  'logStoredByteMonths',
] as const;

/** What is paid by time, whether records come or not. */
export const standingItems = [
  'onDemandStreamHours',
  'shardHours',
  'extendedRetentionShardHours',
  /** GetRecords calls on table streams, most of them empty. */
  'tableStreamPolls',
  /** An alarm is paid for each metric that it watches. */
  'alarmMetricMonths',
  'dashboardMonths',
  'keyMonths',
  /** Databases, tables and partitions of the Glue catalog. */
  'catalogObjectMonths',
  /** Of an endpoint in one subnet, whether it is called or not. */
  'interfaceEndpointHours',
  /** Of notebook instances, whether they run or not. */
  'notebookVolumeByteMonths',
] as const;

/**
 * Metered items without a price. Of what is put into S3, requests are paid, and bytes for as long as they are stored;
 * objects that Firehose puts are among the requests.
 */
const unpricedItems = ['s3StoredBytes', 's3DeliveredObjects'] as const satisfies MeteredItem[];
type UnpricedItem = (typeof unpricedItems)[number];

/** Metered items with a price. */
export type UsedItem = Exclude<MeteredItem, UnpricedItem>;
export type StoredItem = (typeof storedItems)[number];
export type StandingItem = (typeof standingItems)[number];
/** Everything that has a price. */
export type PricedItem = UsedItem | StoredItem | StandingItem;

/** What is metered and paid by use. */
export const usedItems = meteredItems.filter((item): item is UsedItem => !isUnpriced(item));

function isUnpriced(item: MeteredItem): item is UnpricedItem {
  return unpricedItems.some((unpriced) => unpriced === item);
}

const price = z.strictObject({
  /** For `per` of what the item counts; `unit` names that amount. */
  usd: z.number().nonnegative(),
  per: z.number().positive(),
  unit: z.string().min(1),
  label: z.string().min(1),
  /** Where the price was found, and when. */
  source: z.string().min(1),
  /** `seen` at its source; `recalled`: from memory, to be checked. */
  certainty: z.enum(['seen', 'recalled']),
});

const priceList = z.strictObject({
  region: z.string(),
  currency: z.literal('USD'),
  /** Month of the list, `2026-11`. */
  dated: z.string().regex(/^\d{4}-\d{2}$/),
  /** Exactly one price for each item. */
  prices: z.record(z.enum([...usedItems, ...storedItems, ...standingItems]), price),
});
export type PriceList = z.infer<typeof priceList>;

/** Parses a price list. Throws ZodError that names each item that is missing, unknown or without a valid price. */
export function parsePriceList(content: unknown): PriceList {
  return priceList.parse(content);
}

/** Reads the list prices of us-east-1, without any free tier. Throws ZodError. */
export function readPriceList(): PriceList {
  return parsePriceList(JSON.parse(readFileSync(new URL('prices.us-east-1.json', import.meta.url), 'utf8')));
}
