/**
 * A program for the test beside it: opens a damaged store, reads a stream of it and ends by itself. A read that hangs,
 * or an engine that aborts, ends it otherwise.
 */
import { systemClock } from '@tweet-pipes/kit/clock';
import { KinesisStore } from '../../src/engines/kinesis-store.ts';
import { Problems } from '../../src/problems.ts';

const [path = '', stream = ''] = process.argv.slice(2);
const problems = new Problems((line) => process.stdout.write(`${line}\n`));
const options = { path, region: 'us-east-1', accountId: '000000000000', clock: systemClock, problems };
const store = await KinesisStore.open(options);
try {
  await store.use(async () => {
    const entries: unknown[] = [];
    for await (const entry of store.store.getStreamDb(stream).createReadStream()) entries.push(entry);
    process.stdout.write(`read ${entries.length}\n`);
  });
} catch (error) {
  process.stdout.write(`The read failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}
await store.close();
process.stdout.write('closed\n');
