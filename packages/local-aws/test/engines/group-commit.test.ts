import { describe, expect, it } from '@jest/globals';
import { type Json, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { GroupCommit } from '../../src/engines/group-commit.ts';
import type { ForwardedAnswer } from '../../src/engines/http-forward.ts';

const answer = (body: Json, statusCode = 200): ForwardedAnswer => ({
  statusCode,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});
const read = ({ body }: ForwardedAnswer): Json | undefined => parseJson(body.toString('utf8'));

interface Call {
  operation: string;
  input: JsonObject;
}

/** A group whose engine answers each call by `respond`. `sent` collects all calls, those made alone too. */
function startGroup(respond: (call: Call) => ForwardedAnswer) {
  const sent: Call[] = [];
  const call = async (operation: string, body: Buffer): Promise<ForwardedAnswer> => {
    const made = { operation, input: JSON.parse(body.toString('utf8')) };
    sent.push(made);
    return respond(made);
  };
  const group = new GroupCommit(call);
  const update = (input: JsonObject) => {
    const body = Buffer.from(JSON.stringify(input));
    return group.carryOut('UpdateItem', body, () => call('UpdateItem', body));
  };
  const statements = (input: JsonObject) => {
    const body = Buffer.from(JSON.stringify(input));
    return group.carryOut('BatchExecuteStatement', body, () => call('BatchExecuteStatement', body));
  };
  return { group, sent, update, statements };
}

const counter = (id: string, more: JsonObject = {}): JsonObject => ({
  TableName: 'counters',
  Key: { id: { S: id } },
  UpdateExpression: 'ADD htCount :n',
  ConditionExpression: 'attribute_not_exists(seen) OR seen < :n',
  ExpressionAttributeValues: { ':n': { N: '1' } },
  ...more,
});
const updatesOf = ({ operation, input }: Call): string[] => {
  const actions: { Update: { Key: { id: { S: string } } } }[] =
    operation === 'TransactWriteItems' ? JSON.parse(JSON.stringify(input.TransactItems)) : [];
  return actions.map(({ Update }) => Update.Key.id.S);
};
/** What the engine says of a transaction whose items have up to 1 KB: two units each. */
const consumed = (units: number): Json => ({
  ConsumedCapacity: [{ TableName: 'counters', CapacityUnits: units, Table: { CapacityUnits: units } }],
});
const acceptAll = (call: Call): ForwardedAnswer =>
  call.operation === 'TransactWriteItems' ? answer(consumed(2 * updatesOf(call).length)) : answer({});

describe('updates', () => {
  it('go alone until the engine has accepted one of their form, then together', async () => {
    const { sent, update } = startGroup(acceptAll);
    await update(counter('a'));
    const answers = await Promise.all(['b', 'c', 'd'].map((id) => update(counter(id))));
    expect(sent.map(({ operation }) => operation)).toEqual(['UpdateItem', 'TransactWriteItems']);
    expect(sent[1] && updatesOf(sent[1])).toEqual(['b', 'c', 'd']);
    const each = { ConsumedCapacity: { TableName: 'counters', CapacityUnits: 1 } };
    expect(answers.map(read)).toEqual([each, each, each]);
  });

  it('go in groups of at most 50, and two of one item in two groups', async () => {
    const { sent, update } = startGroup(acceptAll);
    await update(counter('a'));
    const ids = ['twice', 'twice', ...Array.from({ length: 60 }, (_, index) => `id${index}`)];
    await Promise.all(ids.map((id) => update(counter(id))));
    expect(sent.slice(1).map((call) => updatesOf(call).length)).toEqual([49, 13]);
    expect(sent.slice(1).map((call) => updatesOf(call).filter((id) => id === 'twice').length)).toEqual([1, 1]);
  });

  it('go alone again where a refused transaction blames them, the others together', async () => {
    let transactions = 0;
    const { sent, update } = startGroup((call) => {
      if (call.operation === 'TransactWriteItems' && transactions++ === 0) {
        const CancellationReasons = updatesOf(call).map((id) => ({
          Code: id === 'late' ? 'ConditionalCheckFailed' : 'None',
        }));
        return answer(
          { __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException', CancellationReasons },
          400,
        );
      }
      const isLate = JSON.stringify(call.input).includes('"late"');
      return isLate ? answer({ __type: '#ConditionalCheckFailedException' }, 400) : acceptAll(call);
    });
    await update(counter('a'));
    const answers = await Promise.all(['b', 'late', 'c'].map((id) => update(counter(id))));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 400, 200]);
    expect(read(answers[1] ?? answer(null))).toEqual({ __type: '#ConditionalCheckFailedException' });
    expect(sent.slice(1).map(({ operation }) => operation)).toEqual([
      'TransactWriteItems',
      'UpdateItem',
      'TransactWriteItems',
    ]);
    expect(sent[3] && updatesOf(sent[3])).toEqual(['b', 'c']);
  });

  it('go alone where the engine refuses the transaction as a whole', async () => {
    const { sent, update } = startGroup((call) =>
      call.operation === 'TransactWriteItems' ? answer({ __type: '#ValidationException' }, 400) : answer({}),
    );
    await update(counter('a'));
    await Promise.all(['b', 'c'].map((id) => update(counter(id))));
    expect(sent.slice(1).map(({ operation }) => operation)).toEqual(['TransactWriteItems', 'UpdateItem', 'UpdateItem']);
  });

  it.each([
    ['an answer of 500', () => answer({ __type: '#InternalServerError' }, 500)],
    [
      'no answer',
      (): never => {
        throw new Error('socket hang up');
      },
    ],
  ])('are not sent again after %s: they may have had their effect', async (_name, fail) => {
    const { sent, update } = startGroup((call) => (call.operation === 'TransactWriteItems' ? fail() : answer({})));
    await update(counter('a'));
    const settled = await Promise.allSettled(['b', 'c'].map((id) => update(counter(id))));
    expect(sent.slice(1).map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
    for (const each of settled) {
      if (each.status === 'fulfilled') expect(each.value.statusCode).toBe(500);
      else expect(each.reason).toEqual(new Error('socket hang up'));
    }
  });

  it.each<[string, JsonObject]>([
    ['that ask for values', { ReturnValues: 'ALL_NEW' }],
    ['that ask for capacity', { ReturnConsumedCapacity: 'TOTAL' }],
    ['without an expression', { UpdateExpression: undefined }],
    ['of a table by its ARN', { TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/counters' }],
    ['with bounds, which the engine compares', { ConditionExpression: 'seen BETWEEN :n AND :n' }],
    ['with a number as key', { Key: { id: { N: '1' } } }],
    ['with a value of parts', { ExpressionAttributeValues: { ':n': { NS: ['1'] } } }],
    ['with no values in their place, which the engine refuses', { ExpressionAttributeValues: {} }],
    [
      'of which 50 are more than a transaction takes',
      { ExpressionAttributeValues: { ':n': { S: 'x'.repeat(90_000) } } },
    ],
  ])('never join a group: %s', async (_name, more) => {
    const { sent, update } = startGroup(acceptAll);
    await update(counter('a', more));
    await Promise.all(['b', 'c'].map((id) => update(counter(id, { Key: { id: { S: id } }, ...more }))));
    expect(sent.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
  });

  it('never join a group with a text that is not UTF-8, which the engine refuses', async () => {
    const { group, sent, update } = startGroup(acceptAll);
    await update(counter('a'));
    const body = Buffer.from(JSON.stringify(counter('\u00ff')), 'latin1');
    const refused = answer({ __type: '#SerializationException' }, 400);
    const spoiled = group.carryOut('UpdateItem', body, async () => refused);
    await Promise.all(['b', 'c'].map((id) => update(counter(id))));
    expect(await spoiled).toBe(refused);
    expect(sent[1] && updatesOf(sent[1])).toEqual(['b', 'c']);
  });

  it('have a form of their own for other expressions, names, and types', async () => {
    const { sent, update } = startGroup(acceptAll);
    await update(counter('a'));
    const others: JsonObject[] = [
      { UpdateExpression: 'SET htCount = :n' },
      { ConditionExpression: 'seen < :n' },
      { ExpressionAttributeNames: { '#w': 's0' } },
      { ExpressionAttributeValues: { ':n': { S: '1' } } },
      { TableName: 'others' },
    ];
    await Promise.all(others.map((more) => update(counter('b', more))));
    expect(sent.every(({ operation }) => operation === 'UpdateItem')).toBe(true);
  });

  it('have no known form after a table was created', async () => {
    const { group, sent, update } = startGroup(acceptAll);
    await update(counter('a'));
    await group.carryOut('CreateTable', Buffer.from('{}'), async () => answer({}));
    await Promise.all(['b', 'c'].map((id) => update(counter(id))));
    expect(sent.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
  });

  it('consume together what they would alone: half of the table, all of its indexes', async () => {
    const { update } = startGroup((call) =>
      call.operation === 'TransactWriteItems'
        ? answer({
            ConsumedCapacity: [
              {
                TableName: 'counters',
                CapacityUnits: 9,
                Table: { CapacityUnits: 6 },
                GlobalSecondaryIndexes: { byCount: { CapacityUnits: 3 } },
              },
            ],
          })
        : answer({}),
    );
    await update(counter('a'));
    const answers = await Promise.all(['b', 'c'].map((id) => update(counter(id))));
    expect(answers.map(read)).toEqual(
      [5, 1].map((CapacityUnits) => ({ ConsumedCapacity: { TableName: 'counters', CapacityUnits } })),
    );
  });
});

describe('statements', () => {
  const insert = (id: string): JsonObject => ({
    Statement: `INSERT INTO "tweets" VALUE {'id': ?}`,
    Parameters: [{ S: id }],
  });

  it('that insert go as one transaction, with the answer of single ones', async () => {
    const { sent, statements } = startGroup(() =>
      answer({
        Responses: [{}, {}],
        ConsumedCapacity: [{ TableName: 'tweets', CapacityUnits: 4, Table: { CapacityUnits: 4 } }],
      }),
    );
    const Statements = [insert('1'), insert('2')];
    const got = await statements({ Statements });
    expect(sent).toEqual([
      {
        operation: 'ExecuteTransaction',
        input: { TransactStatements: Statements, ReturnConsumedCapacity: 'INDEXES' },
      },
    ]);
    expect(read(got)).toEqual({
      Responses: [{ TableName: 'tweets' }, { TableName: 'tweets' }],
      ConsumedCapacity: [{ TableName: 'tweets', CapacityUnits: 2 }],
    });
  });

  it('go by themselves where the transaction was refused', async () => {
    const { sent, statements } = startGroup(({ operation }) =>
      operation === 'ExecuteTransaction' ? answer({ __type: '#TransactionCanceledException' }, 400) : answer({}),
    );
    await statements({ Statements: [insert('1'), insert('2')] });
    expect(sent.map(({ operation }) => operation)).toEqual(['ExecuteTransaction', 'BatchExecuteStatement']);
  });

  it.each<[string, JsonObject]>([
    ['one', { Statements: [insert('1')] }],
    ['reads', { Statements: [1, 2].map((id) => ({ Statement: `SELECT * FROM "tweets" WHERE id = '${id}'` })) }],
    ['updates', { Statements: [insert('1'), { Statement: `UPDATE "tweets" SET a = 1 WHERE id = '2'` }] }],
    ['with capacity', { Statements: [insert('1'), insert('2')], ReturnConsumedCapacity: 'TOTAL' }],
    ['more than the call takes', { Statements: Array.from({ length: 26 }, (_, id) => insert(String(id))) }],
  ])('never become a transaction: %s', async (_name, input) => {
    const { sent, statements } = startGroup(() => answer({}));
    await statements(input);
    expect(sent.map(({ operation }) => operation)).toEqual(['BatchExecuteStatement']);
  });
});
