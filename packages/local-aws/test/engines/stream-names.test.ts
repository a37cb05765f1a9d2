import { describe, expect, it } from '@jest/globals';
import { withApiNames, withApiRecords, withEngineNames } from '../../src/engines/stream-names.ts';

const arn = (region: string) => `arn:aws:dynamodb:${region}:000000000000:table/readings/stream/2026-01-01T00:00:00.000`;
const restored = (operation: string, input: object, engine?: { region?: string; isExternal?: boolean }): unknown =>
  JSON.parse(withEngineNames(operation, Buffer.from(JSON.stringify(input)), engine).toString());

describe('names of streams', () => {
  it('of dynoxide go there and back', () => {
    const answer = '{"ShardId":"shardId-00000001-readings","SequenceNumber":"17"}';
    const named: unknown = JSON.parse(withApiNames(answer));
    expect(named).toEqual({
      ShardId: expect.stringMatching(/^shardId-0{19}1-[0-9a-f]{8}$/),
      SequenceNumber: '000000000000000000017',
    });
    expect(restored('GetShardIterator', { StreamArn: arn('eu-west-1'), ...Object(named) })).toEqual({
      StreamArn: arn('eu-west-1'),
      ShardId: 'shardId-00000001-readings',
      SequenceNumber: '17',
    });
  });

  // As DynamoDB Local 2.5.2 answers them.
  const local = { ShardId: 'shardId-00000001795906297684-1a2b3c4d', SequenceNumber: '000000000000000000017' };

  it('of DynamoDB Local stay as they are, but for the region', () => {
    const answer = JSON.stringify({ ...local, ParentShardId: 'shardId-00000001795906290000-00000000' });
    expect(withApiNames(answer)).toBe(answer);
    const input = { StreamArn: arn('us-east-1'), ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...local };
    expect(restored('GetShardIterator', input, { region: 'ddblocal' })).toEqual({
      ...input,
      StreamArn: arn('ddblocal'),
    });
  });

  it('of any server of the user stay as they are, even where they look like ours', () => {
    const theirs = { ShardId: 'shardId-00000000000000000042-1a2b3c4d', SequenceNumber: '000000000000000000017' };
    const input = { StreamArn: arn('us-east-1'), ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...theirs };
    expect(restored('GetShardIterator', input, { isExternal: true })).toEqual(input);
    expect(() => restored('GetShardIterator', input)).toThrow('Shard shardId-00000000000000000042-1a2b3c4d of table');
    const described = JSON.stringify({ ...theirs, SequenceNumberRange: { StartingSequenceNumber: '100' } });
    expect(withApiNames(described)).toBe(described);
    const records = JSON.stringify({ eventID: '17', dynamodb: { SequenceNumber: '17' } });
    expect(withApiRecords(records, Buffer.from('{"ShardIterator":"000000001|of|theirs"}'))).toBe(records);
  });

  it.each([
    ['DescribeStream', { StreamArn: arn('us-east-1'), ExclusiveStartShardId: local.ShardId }],
    ['ListStreams', { ExclusiveStartStreamArn: arn('us-east-1') }],
    ['TagResource', { ResourceArn: arn('us-east-1'), Tags: [{ Key: 'a', Value: arn('us-east-1') }] }],
  ])('in a request of %s have the region of the engine', (operation, input) => {
    const [[member, text] = ['', '']] = Object.entries(input);
    expect(restored(operation, input, { region: 'ddblocal' })).toEqual({
      ...input,
      [member]: String(text).replace('us-east-1', 'ddblocal'),
    });
  });

  it('are not looked for in items', () => {
    const item = Buffer.from(JSON.stringify({ TableName: 't', Item: { StreamArn: { S: arn('us-east-1') } } }));
    expect(withEngineNames('PutItem', item, { region: 'ddblocal' })).toBe(item);
  });
});
