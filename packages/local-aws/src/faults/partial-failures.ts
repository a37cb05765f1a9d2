import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';

/** A call that fails partially: the part that is forwarded, and how its answer is changed. */
export interface PartialFailure {
  /** Undefined: the service is not called. */
  readonly forward: JsonObject | undefined;
  /** The answer to the caller. `answer` is empty when nothing was forwarded. */
  merge(answer: JsonObject): JsonObject;
}

/** A call that fails as a whole because of some items: an AWS error with additional members. */
export interface WholeFailure {
  readonly error: JsonObject & { readonly __type: string };
}

/** Undefined: the call has no items. The service reports a malformed call. */
type Divide = (input: JsonObject, random: Random) => PartialFailure | WholeFailure | undefined;

/**
 * The operations that can fail partially, by `<service>.<operation>`. About half of a call's items fail, at least one.
 * Failed items are not applied, except some with a server error, after which the effect is unknown.
 */
export const partialOperations: Readonly<Record<string, Divide>> = {
  'kinesis.PutRecords': (input, random) =>
    failedItems(input, random, {
      items: 'Records',
      results: 'Records',
      errors: [
        {
          ErrorCode: 'ProvisionedThroughputExceededException',
          ErrorMessage: 'Rate exceeded for shard; injected fault.',
        },
        { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure; injected fault.' },
      ],
      isServerError: ({ ErrorCode }) => ErrorCode === 'InternalFailure',
      failed: ({ ErrorCode }) => ErrorCode !== undefined && ErrorCode !== null,
      count: 'FailedRecordCount',
    }),
  'firehose.PutRecordBatch': (input, random) =>
    failedItems(input, random, {
      items: 'Records',
      results: 'RequestResponses',
      errors: [
        { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
        { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure; injected fault.' },
      ],
      isServerError: ({ ErrorCode }) => ErrorCode === 'InternalFailure',
      failed: ({ ErrorCode }) => ErrorCode !== undefined && ErrorCode !== null,
      count: 'FailedPutCount',
    }),
  'dynamodb.BatchExecuteStatement': (input, random) =>
    failedItems(input, random, {
      items: 'Statements',
      results: 'Responses',
      errors: [
        'ThrottlingError',
        'ProvisionedThroughputExceeded',
        'RequestLimitExceeded',
        'InternalServerError',
        'TransactionConflict',
      ].map((Code) => ({ Error: { Code, Message: 'Injected fault.' } })),
      isServerError: ({ Error: error }) => isJsonObject(error) && error.Code === 'InternalServerError',
    }),
  'comprehend.BatchDetectSentiment': failedDocuments,
  'dynamodb.BatchGetItem': (input, random) => unprocessedItems(input, random, 'UnprocessedKeys', keysOf),
  'dynamodb.BatchWriteItem': (input, random) => unprocessedItems(input, random, 'UnprocessedItems', writesOf),
  'dynamodb.TransactWriteItems': (input, random) => {
    const items = input.TransactItems;
    if (!Array.isArray(items) || items.length === 0) return undefined;
    const code = chooseOne(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'], random);
    const failing = chooseIndices(items.length, random);
    const codes = items.map((_, index) => (failing.has(index) ? code : 'None'));
    return {
      error: {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
        CancellationReasons: codes.map((Code) => (Code === 'None' ? { Code } : { Code, Message: 'Injected fault.' })),
      },
    };
  },
};

interface ItemList {
  items: string;
  results: string;
  errors: readonly JsonObject[];
  isServerError(result: JsonObject): boolean;
  /** With `count`: whether a result is a failure. */
  failed?(result: JsonObject): boolean;
  /** The member of the answer that counts the failures. */
  count?: string;
}

/** One result for each item, in the items' order. */
function failedItems(input: JsonObject, random: Random, list: ItemList): PartialFailure | undefined {
  const items = input[list.items];
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const failures = new Map<number, JsonObject>();
  const applied = new Set<number>();
  for (const index of chooseIndices(items.length, random)) {
    const failure = chooseOne(list.errors, random);
    failures.set(index, failure);
    if (list.isServerError(failure) && random.next() < 0.5) applied.add(index);
  }
  const sent = items.map((_, index) => index).filter((index) => !failures.has(index) || applied.has(index));
  return {
    forward: sent.length === 0 ? undefined : { ...input, [list.items]: sent.map((index) => items[index] ?? null) },
    merge(answer) {
      const answered = answer[list.results];
      const results: Json[] = items.map((_, index) => failures.get(index) ?? null);
      for (const [place, index] of sent.entries()) {
        if (!failures.has(index)) results[index] = (Array.isArray(answered) ? answered[place] : undefined) ?? {};
      }
      const { count, failed } = list;
      const failedCount = results.filter((result) => isJsonObject(result) && failed?.(result)).length;
      return { ...answer, [list.results]: results, ...(count === undefined ? {} : { [count]: failedCount }) };
    },
  };
}

/** A failed document has no result and an error, each with its place in the call. */
function failedDocuments(input: JsonObject, random: Random): PartialFailure | undefined {
  const { TextList: texts } = input;
  if (!Array.isArray(texts) || texts.length === 0) return undefined;
  const failing = chooseIndices(texts.length, random);
  const sent = texts.map((_, index) => index).filter((index) => !failing.has(index));
  return {
    forward: sent.length === 0 ? undefined : { ...input, TextList: sent.map((index) => texts[index] ?? null) },
    merge(answer) {
      /** The service's own entries, with the places that they have in the caller's list. */
      const own = (list: Json | undefined): JsonObject[] =>
        (Array.isArray(list) ? list : [])
          .filter(isJsonObject)
          .map((entry) => ({ ...entry, Index: sent[Number(entry.Index)] ?? null }));
      const injected = [...failing].map((Index) => ({
        Index,
        ErrorCode: 'INTERNAL_SERVER_ERROR',
        ErrorMessage: 'Injected fault.',
      }));
      const errors = [...own(answer.ErrorList), ...injected].sort((a, b) => Number(a.Index) - Number(b.Index));
      return { ...answer, ResultList: own(answer.ResultList), ErrorList: errors };
    },
  };
}

/** Reads the items of a table's part of a batch, and replaces them. */
type TablePart = (part: Json | undefined) => { items: readonly Json[]; with(items: readonly Json[]): Json } | undefined;

const keysOf: TablePart = (part) =>
  isJsonObject(part) && Array.isArray(part.Keys)
    ? { items: part.Keys, with: (items) => ({ ...part, Keys: [...items] }) }
    : undefined;
const writesOf: TablePart = (part) => (Array.isArray(part) ? { items: part, with: (items) => [...items] } : undefined);

/** Returns failed items as unprocessed. When all items fail, AWS rejects the call instead. */
function unprocessedItems(
  input: JsonObject,
  random: Random,
  member: 'UnprocessedKeys' | 'UnprocessedItems',
  open: TablePart,
): PartialFailure | WholeFailure | undefined {
  if (!isJsonObject(input.RequestItems)) return undefined;
  const tables = Object.entries(input.RequestItems).map(([table, part]) => ({ table, part: open(part) }));
  const total = tables.reduce((sum, { part }) => sum + (part?.items.length ?? 0), 0);
  if (total === 0) return undefined;
  const failing = chooseIndices(total, random);
  if (failing.size === total) {
    return {
      error: {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'The level of configured provisioned throughput for the table was exceeded; injected fault.',
      },
    };
  }
  const sent: JsonObject = {};
  const left: JsonObject = {};
  let position = 0;
  for (const { table, part } of tables) {
    if (part === undefined) continue;
    const from = position;
    position += part.items.length;
    const processed = part.items.filter((_, index) => !failing.has(from + index));
    const rest = part.items.filter((_, index) => failing.has(from + index));
    if (processed.length > 0) sent[table] = part.with(processed);
    if (rest.length > 0) left[table] = part.with(rest);
  }
  return {
    forward: { ...input, RequestItems: sent },
    merge(answer) {
      const ours: JsonObject = { ...left };
      for (const [table, part] of Object.entries(isJsonObject(answer[member]) ? answer[member] : {})) {
        const [mine, theirs] = [open(ours[table]), open(part)];
        ours[table] = mine && theirs ? mine.with([...mine.items, ...theirs.items]) : part;
      }
      const { Responses: responses } = answer;
      const empty = Object.fromEntries(Object.keys(left).map((table) => [table, []]));
      return {
        ...answer,
        ...(isJsonObject(responses) ? { Responses: { ...empty, ...responses } } : {}),
        [member]: ours,
      };
    },
  };
}

/** Chooses about half of the indices below `size`, at least one. */
function chooseIndices(size: number, random: Random): Set<number> {
  const chosen = new Set<number>();
  for (let index = 0; index < size; index += 1) if (random.next() < 0.5) chosen.add(index);
  if (chosen.size === 0) chosen.add(Math.floor(random.next() * size));
  return chosen;
}

function chooseOne<T>(from: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const chosen = from[Math.floor(random.next() * from.length)] ?? from[0];
  if (chosen === undefined) throw new Error('There is nothing to choose from.');
  return chosen;
}
