import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { delivered, IngestFixture } from '../../statemachines/ingest-fixture.ts';
import { readFile } from '../sources/file-reading.ts';
import { forms, ids } from './same-tweets.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterAll(() => fixture.stop());

it('the same tweets in every form count once', async () => {
  let first = 0;
  for (const form of ['JSON lines', ...Object.keys(forms)]) {
    const { records } = await readFile(forms[form] ?? '');
    expect(records).toHaveLength(ids.length);
    const batch = records.map(({ data }) => JSON.parse(data.toString()));
    expect(await fixture.deliver(delivered(batch, first))).toMatchObject({ status: 'SUCCEEDED' });
    first += batch.length;
  }
  expect(await fixture.stores()).toEqual({ counts: { t: ids.length }, tweets: ids, deletions: [], quarantine: {} });
});
