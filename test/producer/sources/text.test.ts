import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';

import type { StreamRecord } from '@tweet-pipes/producer/record';
import { textSource } from '@tweet-pipes/producer/sources/text';

async function read(input: Uint8Array | string): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for await (const record of (await textSource(['-'], Readable.from([Buffer.from(input)]))).records()) {
    records.push(record);
  }
  return records;
}

describe('the text source', () => {
  it('makes a tweet of each line, with an id that follows from the text alone', async () => {
    const records = await read('  Guten #Tag @wer ＃東京! \r\n\nGuten #Tag @wer ＃東京!\nx\n');
    expect(records.map(({ data }) => JSON.parse(data.toString()))).toEqual([
      {
        id_str: expect.stringMatching(/^text-[0-9a-f]{32}$/),
        text: 'Guten #Tag @wer ＃東京!',
        entities: { hashtags: [{ text: 'Tag' }, { text: '東京' }] },
      },
      expect.objectContaining({ text: 'Guten #Tag @wer ＃東京!' }),
      expect.objectContaining({ text: 'x', entities: { hashtags: [] } }),
    ]);
    expect(records[0]).toEqual(records[1]);
    expect(records[0]?.partitionKey).toBe(JSON.parse(records[0]?.data.toString() ?? '').id_str);
    expect(records[2]?.partitionKey).not.toBe(records[0]?.partitionKey);
  });

  it('sends a line that is no UTF-8 as it is, to be quarantined', async () => {
    const latin1 = Buffer.from('caf\xe9 #x', 'latin1');
    const [record] = await read(latin1);
    expect(Buffer.from(record?.data ?? []).equals(latin1)).toBe(true);
    expect(record?.partitionKey).toMatch(/^[0-9a-f]{32}$/);
  });
});
