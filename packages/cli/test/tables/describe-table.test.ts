import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { checkOrderKey } from '../../src/tables/check-order-key.ts';
import { columnsOf, describeTable } from '../../src/tables/describe-table.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Invoices/stream/2026-11-20T00:00:00.000';
const items = [
  {
    shopId: { S: 's' },
    no: { N: '1' },
    net: { N: '1999' },
    isPaid: { BOOL: true },
    change: { S: 'x' },
    datehour: { S: '1999' },
    blob: { B: Buffer.from([0, 255]) },
  },
  { shopId: { S: 's' }, no: { N: '2' }, net: { N: '19.5' }, isPaid: { NULL: true }, to: { M: { city: { S: 'Ulm' } } } },
  { shopId: { S: 's' }, no: { N: '3' }, größe: { N: '1' } },
];

/** A client of a table with these properties and items. */
function tableWith(properties: object) {
  const send = async (command: unknown) =>
    command instanceof DescribeTableCommand
      ? {
          Table: {
            KeySchema: [
              { AttributeName: 'no', KeyType: 'RANGE' },
              { AttributeName: 'shopId', KeyType: 'HASH' },
            ],
            AttributeDefinitions: [
              { AttributeName: 'no', AttributeType: 'N' },
              { AttributeName: 'shopId', AttributeType: 'S' },
            ],
            LatestStreamArn: streamArn,
            ...properties,
          },
        }
      : { Items: items };
  return { dynamodb: { send } };
}

describe("a table of one's own", () => {
  it('is named where it is not there, with the way to list those that are', async () => {
    const send = async () => {
      throw new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: {} });
    };
    await expect(describeTable({ dynamodb: { send } }, 'Nope')).rejects.toThrow(
      'There is no table Nope here. To list the tables: aws dynamodb list-tables',
    );
  });

  it.each([
    [[['orderid', 'S']], undefined],
    [[['no', 'S']], 'the table Invoices has no of type S.'],
    [[['orderid', 'N']], 'the table Invoices has orderid of type N.'],
    [
      [
        ['orderid', 'S'],
        ['line', 'N'],
      ],
      'the table Invoices has orderid of type S and line of type N.',
    ],
  ])('takes generated orders only with their key: %j', (keys, problem) => {
    const check = () =>
      checkOrderKey('Invoices', {
        KeySchema: keys.map(([AttributeName], n) => ({ AttributeName, KeyType: n === 0 ? 'HASH' : 'RANGE' })),
        AttributeDefinitions: keys.map(([AttributeName, type]) => ({
          AttributeName,
          AttributeType: type === 'N' ? 'N' : 'S',
        })),
      });
    if (problem === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(problem);
  });

  it('is described by its key, its stream and its items', async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };
    const { table, leftOut, notes } = await describeTable(tableWith({ StreamSpecification }), 'Invoices');

    expect(table).toEqual({
      tableName: 'Invoices',
      streamArn,
      partitionKey: { name: 'shopId', type: 'S' },
      keyColumns: ['shop_id', 'no'],
      columns: [
        { name: 'shop_id', type: 'string' },
        { name: 'no', type: 'bigint' },
        { name: 'blob', type: 'string' },
        { name: 'change_2', type: 'string' },
        { name: 'datehour_2', type: 'string' },
        { name: 'is_paid', type: 'boolean' },
        { name: 'net', type: 'string' },
        { name: 'to_city', type: 'string' },
      ],
    });
    expect(leftOut).toEqual(['größe']);
    expect(notes).toEqual([
      'change_2 holds the attribute change, since the lake has a column of that name.',
      'datehour_2 holds the attribute datehour, since the lake has a column of that name.',
      'net is text, since it holds other numbers and whole numbers.',
    ]);
  });

  it.each([
    [{}, 'has no stream'],
    [{ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } }, 'has a stream of KEYS_ONLY'],
  ])('needs a stream of new images: %j', async (properties, problem) => {
    await expect(describeTable(tableWith(properties), 'Invoices')).rejects.toThrow(problem);
  });

  it('has its key as columns without any item', () => {
    expect(columnsOf([], ['id'])).toEqual([{ name: 'id', type: 'string', note: 'is text, since no item has a value' }]);
  });
});
