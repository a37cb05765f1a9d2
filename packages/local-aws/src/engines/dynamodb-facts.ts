import type { JsonObject } from '@tweet-pipes/kit/json';

/**
 * The default quotas of an account,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const LIMITS = {
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
};

/** Every table has them on AWS; point-in-time recovery is what can be off. */
const BACKUPS = {
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  },
};

/**
 * Answers to operations that tools call first and the engine lacks. `withoutTable`: the request names a table; this
 * is the error where there is none.
 */
export const dynamoDbFacts: Readonly<Record<string, { answer: JsonObject; withoutTable?: string }>> = {
  DescribeLimits: { answer: LIMITS },
  DescribeContinuousBackups: { answer: BACKUPS, withoutTable: 'TableNotFoundException' },
};
