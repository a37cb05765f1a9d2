import { describe, expect, it } from '@jest/globals';
import { parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

import { cutRows } from '../../src/forgetting/cut-rows.ts';

const schema: SchemaElement[] = [
  { name: 'schema', num_children: 4 },
  { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'hashtags', converted_type: 'LIST', num_children: 1, repetition_type: 'OPTIONAL' },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'kind', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'arrived_at', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' },
];
const arrived = new Date('2026-11-20T10:00:00.123Z');
const rows = [
  { id: '1', hashtags: ['sea', 'ü'], kind: 'tweet', arrived_at: arrived },
  { id: '2', hashtags: [], kind: 'tweet', arrived_at: arrived },
  { id: '1', hashtags: null, kind: 'delete', arrived_at: null },
];

function parquet(): Buffer {
  const names = ['id', 'hashtags', 'kind', 'arrived_at'] as const;
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return Buffer.from(parquetWriteBuffer({ columnData, schema }));
}

async function rowsIn(body: Buffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: new Uint8Array(body).buffer });
}

describe('cutting rows out of a Parquet file', () => {
  it('removes the tweets that are doomed and keeps every other row and the schema', async () => {
    const cut = await cutRows(parquet(), (id) => id === '1');
    expect(cut?.rows).toEqual([{ id: '1', position: undefined, hashtags: ['sea', 'ü'] }]);
    expect(await rowsIn(cut?.rewritten() ?? Buffer.alloc(0))).toEqual(
      await rowsIn(parquet()).then((all) => all.slice(1)),
    );
  });

  it('keeps a file without rows', async () => {
    const cut = await cutRows(parquet(), () => true);
    expect(await rowsIn(cut?.rewritten() ?? Buffer.alloc(0))).toEqual(
      await rowsIn(parquet()).then((all) => all.slice(2)),
    );
    const notices = cut?.rewritten() ?? Buffer.alloc(0);
    expect(await cutRows(notices, () => true)).toBeUndefined();
  });

  it('leaves a file alone that nothing must leave', async () => {
    await expect(cutRows(parquet(), (id) => id === '3')).resolves.toBeUndefined();
  });
});
