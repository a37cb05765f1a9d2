/** A column of a table: its name, and its type for Hive (the catalog) and for Trino (views, queries). */
export interface LakeColumn {
  name: string;
  hive: 'string' | 'timestamp' | 'bigint' | 'double' | 'boolean' | 'array<string>';
}

/** The columns that the tables of the lake are partitioned by: the hour in UTC, `yyyy/MM/dd/HH`. */
export const datehour: LakeColumn = { name: 'datehour', hive: 'string' };

/** The columns of the table `tweets`, as functions/flatten-tweets writes them (docs/lake.md, "Columns"). */
export const tweetColumns: readonly LakeColumn[] = [
  { name: 'id', hive: 'string' },
  { name: 'text', hive: 'string' },
  { name: 'created_at', hive: 'timestamp' },
  { name: 'lang', hive: 'string' },
  { name: 'user_id', hive: 'string' },
  { name: 'user_name', hive: 'string' },
  { name: 'hashtags', hive: 'array<string>' },
  { name: 'retweet_of', hive: 'string' },
  { name: 'kind', hive: 'string' },
  { name: 'position', hive: 'string' },
  { name: 'arrived_at', hive: 'timestamp' },
];

/** The columns of the table `deleted`: archive rows of tweets (docs/records.md, "Archive rows"), all but `table`. */
export const deletedColumns: readonly LakeColumn[] = [
  { name: 'event_id', hive: 'string' },
  { name: 'record', hive: 'string' },
  { name: 'removed_at', hive: 'string' },
  { name: 'cause', hive: 'string' },
  { name: 'id', hive: 'string' },
  { name: 'text', hive: 'string' },
  { name: 'created_at', hive: 'string' },
  { name: 'lang', hive: 'string' },
  { name: 'user_id', hive: 'string' },
  { name: 'user_name', hive: 'string' },
  { name: 'hashtags', hive: 'array<string>' },
  { name: 'expires_at', hive: 'bigint' },
  { name: 'error', hive: 'string' },
  { name: 'error_message', hive: 'string' },
  { name: 'raw_event', hive: 'string' },
  { name: 'row_gzip', hive: 'string' },
];

/** The columns of the table `forgotten` (docs/lake.md, "Forgotten tweets"). */
export const forgottenColumns: readonly LakeColumn[] = [
  { name: 'hashtag', hive: 'string' },
  { name: 'tweets', hive: 'bigint' },
  { name: 'id', hive: 'string' },
  { name: 'position', hive: 'string' },
  { name: 'hashtags', hive: 'array<string>' },
];

/** The columns of the table `quarantine` (docs/records.md, "Quarantine"). */
export const quarantineColumns: readonly LakeColumn[] = [
  { name: 'reason', hive: 'string' },
  { name: 'event_id', hive: 'string' },
  { name: 'arrived_at', hive: 'string' },
  { name: 'data', hive: 'string' },
];

/** The columns of the table `sentiment`, as statemachines/sentiment gives them (docs/lake.md, "Sentiment"). */
export const sentimentColumns: readonly LakeColumn[] = [
  { name: 'id', hive: 'string' },
  { name: 'lang', hive: 'string' },
  { name: 'sentiment', hive: 'string' },
  { name: 'positive', hive: 'double' },
  { name: 'negative', hive: 'double' },
  { name: 'neutral', hive: 'double' },
  { name: 'mixed', hive: 'double' },
  { name: 'error', hive: 'string' },
  { name: 'position', hive: 'string' },
  { name: 'detected_at', hive: 'timestamp' },
];

/** The type of a column in Trino. Athena reads a Hive timestamp in milliseconds. */
export function trinoType({ hive }: LakeColumn): string {
  switch (hive) {
    case 'string':
      return 'varchar';
    case 'timestamp':
      return 'timestamp(3)';
    case 'bigint':
      return 'bigint';
    case 'double':
      return 'double';
    case 'boolean':
      return 'boolean';
    case 'array<string>':
      return 'array(varchar)';
  }
}
