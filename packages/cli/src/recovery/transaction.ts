import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';

/**
 * Maximum number of actions in a transaction.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const mostActions = 100;

/** How a transaction ended: all of it happened, or nothing. */
export type TransactionEnd =
  | { end: 'done' }
  /**
   * A condition did not hold, because the items changed or because the transaction was done before; `actions` are the
   * indexes of the actions with such conditions.
   */
  | { end: 'refused'; actions: number[] }
  /** DynamoDB cannot store what the action with this index writes; undefined when DynamoDB does not say which. */
  | { end: 'invalid'; action: number | undefined; message: string };

const again = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
];
const mostAttempts = 8;

/**
 * Writes all or nothing. Retries conflicts and throttling for a few seconds. Throws any error that is no {@link
 * TransactionEnd}.
 */
export async function transact(context: RecoveryContext, actions: TransactWriteItem[]): Promise<TransactionEnd> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await context.clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: actions }));
      return { end: 'done' };
    } catch (error) {
      const end = readRefusal(error);
      if (end !== undefined) return end;
      if (!isPassing(error) || attempt === mostAttempts) throw error;
      await context.clock.sleep(
        Math.round(Math.min(5_000, 50 * 2 ** attempt) * (0.5 + context.random.next() / 2)),
        context.signal,
      );
    }
  }
}

function readRefusal(error: unknown): TransactionEnd | undefined {
  if (error instanceof TransactionCanceledException) {
    const reasons = (error.CancellationReasons ?? []).map(({ Code, Message }, action) => ({
      code: Code,
      message: Message,
      action,
    }));
    const invalid = reasons.find(({ code }) => code === 'ValidationError');
    if (invalid !== undefined) return { end: 'invalid', action: invalid.action, message: invalid.message ?? '' };
    const failed = reasons.filter(({ code }) => code === 'ConditionalCheckFailed').map(({ action }) => action);
    return failed.length > 0 ? { end: 'refused', actions: failed } : undefined;
  }
  if (isNamed(error, 'ValidationException', 'SerializationException'))
    return { end: 'invalid', action: undefined, message: error.message };
  return undefined;
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException))
    return isNamed(error, 'TransactionConflictException', 'TransactionInProgressException');
  return (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && again.includes(Code));
}
