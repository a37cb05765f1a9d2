import { describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { findParquetRows, readParquetRows } from '../src/parquet-rows.ts';

const file = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: ['1', null, '3'], type: 'STRING' },
      { name: 'big', data: [2n ** 60n, 1n, 2n], type: 'INT64' },
      { name: 'at', data: [new Date('2026-01-02T03:04:05Z'), null, null], type: 'TIMESTAMP' },
    ],
  }),
);

describe('readParquetRows', () => {
  it('gives JSON: times as ISO 8601, integers as numbers where a number holds them', async () => {
    expect(await readParquetRows(file, { from: 0, limit: 2 })).toEqual({
      rows: [
        { id: '1', big: '1152921504606846976', at: '2026-01-02T03:04:05.000Z' },
        { id: null, big: 1, at: null },
      ],
      total: 3,
    });
  });

  it.each([
    { from: 2, limit: 200, ids: ['3'] },
    { from: 3, limit: 200, ids: [] },
  ])('gives rows from $from on', async ({ from, limit, ids }) => {
    const { rows } = await readParquetRows(file, { from, limit });
    expect(rows.map((row) => (row as { id: string }).id)).toEqual(ids);
  });

  it('rejects what is no Parquet', async () => {
    await expect(readParquetRows(Buffer.from('no Parquet'), { from: 0, limit: 1 })).rejects.toThrow();
  });
});

describe('findParquetRows', () => {
  it('gives the rows with a value of a column, with the columns that are asked for', async () => {
    const find = (value: string) => findParquetRows(file, { column: 'id', value, columns: ['big', 'at'] });
    expect(await find('1')).toEqual([{ big: '1152921504606846976', at: '2026-01-02T03:04:05.000Z' }]);
    expect(await find('2')).toEqual([]);
  });
});
