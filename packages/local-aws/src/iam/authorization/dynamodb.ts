import { isJsonObject } from '@tweet-pipes/kit/json';
import type { AccessRequest, ContextKeys } from '../access-control.ts';
import { type Asked, anything, arnOf, listOf, oneAction, type Row, type Rows, sameAction, textOf } from './asked.ts';
import { everyMember, firstMember } from './json-scan.ts';
import { leadingKeys, queriedItem } from './leading-keys.ts';

/** The ARN of a table by its name or ARN, also of an index of it. */
function tableArn(asked: Asked, table: unknown, index?: unknown): string {
  const name = textOf(table);
  const arn = name.startsWith('arn:') ? name : arnOf(asked, 'dynamodb', `table/${name}`);
  return typeof index === 'string' ? `${arn}/index/${index}` : arn;
}

const onTable = (asked: Asked): string => tableArn(asked, asked.input.TableName);
const onStream = ({ input }: Asked): string => textOf(input.StreamArn);
const onResourceArn = ({ input }: Asked): string => textOf(input.ResourceArn);

/** The condition keys that the members of a request tell. */
function contextOf(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const context: Record<string, string> = {};
  for (const member of ['ReturnConsumedCapacity', 'ReturnValues', 'Select'] as const) {
    const value = input[member];
    if (typeof value === 'string') context[`dynamodb:${member}`] = value;
  }
  return context;
}

/** The question of an operation on one item. There are many: the body is parsed only if a policy asks for its keys. */
class ItemRequest implements AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly #asked: Asked;

  constructor(action: string, asked: Asked) {
    this.action = action;
    // The SDK writes members in the order of the input, where the table is the first as a rule.
    this.resource = tableArn(asked, firstMember(asked.request.body, 'TableName') ?? asked.input.TableName);
    this.#asked = asked;
  }

  get context(): ContextKeys {
    const { input } = this.#asked;
    return { ...contextOf(input), ...leadingKeys(this.#asked, input.TableName, [input.Key ?? input.Item]) };
  }
}

/** An operation on one item of a table. */
function onItem(operation: string): Row {
  const action = `dynamodb:${operation}`;
  return (asked) => [new ItemRequest(action, asked)];
}

/** An operation on the items of a table or an index. */
function onItems(action: string): Row {
  return (asked) => [
    {
      action: `dynamodb:${action}`,
      resource: tableArn(asked, asked.input.TableName, asked.input.IndexName),
      context: {
        ...contextOf(asked.input),
        ...leadingKeys(asked, asked.input.TableName, [queriedItem(asked)], asked.input.IndexName),
      },
    },
  ];
}

/** BatchGetItem and BatchWriteItem ask once for each table. */
function onEachTable(action: string): Row {
  return (asked) => {
    const tables = isJsonObject(asked.input.RequestItems) ? Object.entries(asked.input.RequestItems) : [];
    return tables.map(([table, items]) => ({
      action: `dynamodb:${action}`,
      resource: tableArn(asked, table),
      context: { ...contextOf(asked.input), ...leadingKeys(asked, table, itemsOfBatch(items)) },
    }));
  };
}

/** Items or their keys, of one table. */
function itemsOfBatch(items: unknown): readonly unknown[] {
  if (isJsonObject(items)) return listOf(items.Keys);
  return listOf(items).flatMap((item) =>
    Object.values(isJsonObject(item) ? item : {}).map((request) =>
      isJsonObject(request) ? (request.Key ?? request.Item) : undefined,
    ),
  );
}

const TRANSACTED: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

/**
 * A transaction asks for the action of each of its parts.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
const onTransaction: Row = (asked) => {
  const context = { ...contextOf(asked.input), 'dynamodb:EnclosingOperation': asked.operation };
  const parts = listOf(asked.input.TransactItems).flatMap((item) =>
    Object.entries(isJsonObject(item) ? item : {}).map(([kind, value]) => {
      const part = isJsonObject(value) ? value : {};
      const action = `dynamodb:${TRANSACTED[kind] ?? kind}`;
      return { action, table: textOf(part.TableName), item: part.Key ?? part.Item };
    }),
  );
  const same = Map.groupBy(parts, ({ action, table }) => `${action} ${tableArn(asked, table)}`);
  return [...same.values()].flatMap((found): AccessRequest[] => {
    const [first] = found;
    if (first === undefined) return [];
    const keys = leadingKeys(
      asked,
      first.table,
      found.map(({ item }) => item),
    );
    return [{ action: first.action, resource: tableArn(asked, first.table), context: { ...context, ...keys } }];
  });
};

/** `INSERT INTO "t"`, `SELECT * FROM "t"."index"`, `EXISTS(SELECT …)`, with or without quotation marks. */
const STATEMENT =
  /^\s*(?:EXISTS\s*\(\s*)?(?:(INSERT)\s+INTO|(UPDATE)|(DELETE)\s+FROM|(SELECT)\b.*?\bFROM)\s+(?:"([^"]+)"|([\w.:/-]+?))(?:\s*\.\s*(?:"([^"]+)"|([\w-]+)))?(?=[\s)]|$)/is;

/**
 * The question of one PartiQL statement. A text that is none of the four asks nothing: DynamoDB refuses it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
 */
function statementRequest(asked: Asked, statement: unknown): AccessRequest | undefined {
  const [, insert, update, remove, select, quoted, plain, quotedIndex, plainIndex] =
    STATEMENT.exec(textOf(statement)) ?? [];
  const verb = insert ?? update ?? remove ?? select;
  const table = quoted ?? plain;
  if (verb === undefined || table === undefined) return undefined;
  const action = `dynamodb:PartiQL${verb[0]?.toUpperCase()}${verb.slice(1).toLowerCase()}`;
  return { action, resource: tableArn(asked, table, quotedIndex ?? plainIndex) };
}

/** The statements of an operation in their order. One without a question is `undefined`. */
export function statementRequests(asked: Asked): (AccessRequest | undefined)[] {
  const { Statement, Statements, TransactStatements } = asked.input;
  if (Statement !== undefined) return [statementRequest(asked, Statement)];
  return listOf(Statements ?? TransactStatements).map((each) =>
    statementRequest(asked, isJsonObject(each) ? each.Statement : undefined),
  );
}

/**
 * The questions of a batch of statements, once each, without a parse: batches are large, and their statements differ
 * in the parameters only. Undefined where they cannot be told from the bytes.
 */
export function quickStatementRequests(asked: Asked): AccessRequest[] | undefined {
  const requests = everyMember(asked.request.body, 'Statement')?.map((text) => statementRequest(asked, text));
  return requests?.filter((request) => request !== undefined);
}

const onStatements: Row = (asked) =>
  withoutRepetitions(statementRequests(asked).filter((request) => request !== undefined));

const onStatementTransaction: Row = (asked) =>
  onStatements(asked).map((request) => ({
    ...request,
    context: { 'dynamodb:EnclosingOperation': 'ExecuteTransaction' },
  }));

/** The table of a stream's ARN. */
const STREAM = /:table\/([\w.-]+)\/stream\//;

/**
 * The stream of an iterator. dynoxide's is base64 of JSON with the table's name, others have the stream's ARN in it,
 * plain or in base64. `streams`: the streams that iterators were asked for, by table.
 */
function onIterator(asked: Asked, streams: ReadonlyMap<string, string>): string {
  const iterator = textOf(asked.input.ShardIterator);
  const decoded = Buffer.from(iterator, 'base64').toString('latin1');
  const table = /"table_name":\s*"([\w.-]+)"/.exec(decoded)?.[1];
  if (table !== undefined) return streams.get(table) ?? arnOf(asked, 'dynamodb', `table/${table}/stream/?`);
  const resource = /\btable\/[\w.-]+\/stream\/[\w:.-]+/.exec(`${iterator} ${decoded}`)?.[0] ?? 'table/?';
  return arnOf(asked, 'dynamodb', resource);
}

function withoutRepetitions(requests: readonly AccessRequest[]): AccessRequest[] {
  return [...new Map(requests.map((each) => [`${each.action} ${each.resource}`, each])).values()];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export function dynamodbRows(): Rows {
  const streams = new Map<string, string>();
  const onAskedStream = (asked: Asked): string => {
    const arn = onStream(asked);
    const table = STREAM.exec(arn)?.[1];
    if (table !== undefined) streams.set(table, arn);
    return arn;
  };
  return {
    ...sameAction('dynamodb', onTable, [
      ...['CreateTable', 'DeleteTable', 'DescribeContinuousBackups', 'DescribeContributorInsights', 'DescribeTable'],
      ...['DescribeKinesisStreamingDestination', 'DescribeTableReplicaAutoScaling', 'DescribeTimeToLive'],
      ...['DisableKinesisStreamingDestination', 'EnableKinesisStreamingDestination', 'UpdateContinuousBackups'],
      ...['UpdateContributorInsights', 'UpdateTable', 'UpdateTimeToLive'],
    ]),
    ...sameAction('dynamodb', onAskedStream, ['DescribeStream', 'GetShardIterator']),
    ...sameAction('dynamodb', onResourceArn, [
      ...['DeleteResourcePolicy', 'GetResourcePolicy', 'ListTagsOfResource', 'PutResourcePolicy', 'TagResource'],
      'UntagResource',
    ]),
    ...sameAction('dynamodb', anything, [
      ...['DescribeEndpoints', 'DescribeLimits', 'ListBackups', 'ListContributorInsights', 'ListExports'],
      ...['ListGlobalTables', 'ListImports', 'ListStreams', 'ListTables'],
    ]),
    DeleteItem: onItem('DeleteItem'),
    GetItem: onItem('GetItem'),
    PutItem: onItem('PutItem'),
    Query: onItems('Query'),
    Scan: onItems('Scan'),
    UpdateItem: onItem('UpdateItem'),
    BatchGetItem: onEachTable('BatchGetItem'),
    BatchWriteItem: onEachTable('BatchWriteItem'),
    TransactGetItems: onTransaction,
    TransactWriteItems: onTransaction,
    ExecuteStatement: onStatements,
    BatchExecuteStatement: onStatements,
    ExecuteTransaction: onStatementTransaction,
    GetRecords: oneAction('dynamodb:GetRecords', (asked) => onIterator(asked, streams)),
  };
}
