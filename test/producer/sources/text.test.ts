import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';

import type { StreamRecord } from '@tweet-pipes/producer/record';
import { textSource } from '@tweet-pipes/producer/sources/text';
import { outcomeOf } from './file-reading.ts';

async function read(input: Uint8Array | string): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for await (const record of (await textSource(['-'], { stdin: Readable.from([Buffer.from(input)]) })).records()) {
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

  it('sends a line that is no UTF-8 as it is, to be quarantined, and says so', async () => {
    const latin1 = Buffer.from('one line\ncaf\xe9 #x\n', 'latin1');
    const { records, counts } = await outcomeOf(await textSource(['-'], { stdin: Readable.from([latin1]) }));
    expect(Buffer.from(records[1]?.data ?? []).toString('latin1')).toBe('caf\xe9 #x');
    expect(records[1]?.partitionKey).toMatch(/^[0-9a-f]{32}$/);
    expect(counts.unreadableReasons).toEqual([
      { reason: expect.stringMatching(/^not UTF-8/), count: 1, first: ['standard input:2'] },
    ]);
  });

  it('reads UTF-16 and the encoding that is named', async () => {
    const utf16 = Buffer.from('\ufeffeins #Köln\r\nzwei\r\n', 'utf16le');
    const latin1 = Buffer.from('eins #K\xf6ln\nzwei\n', 'latin1');
    for (const [bytes, encoding] of [
      [utf16, undefined],
      [latin1, 'windows-1252'],
    ] as const) {
      const { tweets } = await outcomeOf(await textSource(['-'], { stdin: Readable.from([bytes]), encoding }));
      expect(Object.values(tweets)).toEqual([['köln'], []]);
    }
  });

  it.each([
    ['JSON', '{"id_str":"1","text":"x"}\n'],
    ['JSON', '[\n  {\n'],
    ['CSV', 'id,created_at,text\n1,2,x\n'],
    ['CSV', '"0","9810000001","made up, ""quoted"""\n'],
  ])('refuses tweets in %s, and says which command reads them', async (form, text) => {
    const { records, counts } = await outcomeOf(await textSource(['-'], { stdin: Readable.from([Buffer.from(text)]) }));
    expect(records).toEqual([]);
    expect(counts.failedFiles).toEqual([
      { place: 'standard input', reason: `it looks like ${form}, which \`produce file\` reads` },
    ]);
  });

  it('takes a chat whose lines begin with a time', async () => {
    expect(await read('[12:00] <u> hello #there\n{x} y\n')).toHaveLength(2);
  });
});
