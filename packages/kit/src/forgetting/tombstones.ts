import { type DynamoDBClient, ScanCommand, type ScanCommandOutput, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { hasAtMost, recordBounds } from '../record-bounds.ts';
import { isNamed } from '../thrown.ts';
import { eachAtATime } from './each-at-a-time.ts';

/** An item of the table `deletions` (docs/records.md): an id that was deleted. */
export interface Tombstone {
  id: string;
  /** The position of its first delete notice. */
  record: string;
  /** When that arrived, ISO 8601. */
  deletedAt: string;
  /** When everything was searched for it; undefined until then. ISO 8601. */
  forgottenAt?: string;
  /** Whether the totals of forgotten tweets count it (docs/adr/0046). */
  lakeCounted?: boolean;
}

/** The tombstones, and what forgetting notes on them. */
export interface Tombstones {
  scan(): AsyncIterable<Tombstone>;
  /** Notes that the totals count these ids. Idempotent. Ids whose tombstone has expired are passed over. */
  markCounted(ids: readonly string[]): Promise<void>;
  /** Notes that everything was searched for these ids, at `at`, ISO 8601. Idempotent, as `markCounted`. */
  markForgotten(ids: readonly string[], at: string): Promise<void>;
}

const callsAtATime = 16;

/** The tombstones in DynamoDB. It needs `dynamodb:Scan` and `dynamodb:UpdateItem`. */
export class TombstoneTable implements Tombstones {
  readonly #dynamodb: DynamoDBClient;
  readonly #table: string;

  constructor(dynamodb: DynamoDBClient, table: string) {
    this.#dynamodb = dynamodb;
    this.#table = table;
  }

  async *scan(): AsyncIterable<Tombstone> {
    let start: { ExclusiveStartKey?: Record<string, { S: string }> } | undefined = {};
    while (start !== undefined) {
      const page: ScanCommandOutput = await this.#dynamodb.send(
        new ScanCommand({
          TableName: this.#table,
          // A tweet that was counted as forgotten must be seen to be.
          ConsistentRead: true,
          ProjectionExpression: 'id, #record, deletedAt, forgottenAt, lakeCounted',
          ExpressionAttributeNames: { '#record': 'record' },
          ...start,
        }),
      );
      for (const { id, record, deletedAt, forgottenAt, lakeCounted } of page.Items ?? []) {
        // Longer ids are the markers of `redrive` (docs/adr/0014).
        if (id?.S === undefined || !hasAtMost(id.S, recordBounds.idLength)) continue;
        yield {
          id: id.S,
          record: record?.S ?? '',
          deletedAt: deletedAt?.S ?? '',
          ...(forgottenAt?.S === undefined ? {} : { forgottenAt: forgottenAt.S }),
          ...(lakeCounted?.BOOL === undefined ? {} : { lakeCounted: lakeCounted.BOOL }),
        };
      }
      const next = page.LastEvaluatedKey?.id?.S;
      start = next === undefined ? undefined : { ExclusiveStartKey: { id: { S: next } } };
    }
  }

  markCounted(ids: readonly string[]): Promise<void> {
    return this.#mark(ids, 'lakeCounted', { BOOL: true });
  }

  markForgotten(ids: readonly string[], at: string): Promise<void> {
    return this.#mark(ids, 'forgottenAt', { S: at });
  }

  async #mark(ids: readonly string[], attribute: string, value: { BOOL: boolean } | { S: string }): Promise<void> {
    await eachAtATime(callsAtATime, ids, async (id) => {
      try {
        await this.#dynamodb.send(
          new UpdateItemCommand({
            TableName: this.#table,
            Key: { id: { S: id } },
            UpdateExpression: `SET ${attribute} = :value`,
            // Else a tombstone that expired meanwhile would come again, for ever.
            ConditionExpression: 'attribute_exists(id)',
            ExpressionAttributeValues: { ':value': value },
          }),
        );
      } catch (error) {
        if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
      }
    });
  }
}
