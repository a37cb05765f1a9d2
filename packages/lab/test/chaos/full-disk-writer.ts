/**
 * Saves three checkpoints in the file of the second argument, the second of them while the disk is full for the folder
 * of the first argument. Prints the outcomes.
 */
import { tmpdir } from 'node:os';
import { Checkpoint } from '@tweet-pipes/local-aws/pipes/checkpoint';
import { FullDisk } from '../../src/chaos/full-disk.ts';

const [, , folder = '', file = ''] = process.argv;
const disk = new FullDisk(folder);
const checkpoint = await Checkpoint.open(file, 'arn:stream');
for (const sequenceNumber of ['1', '2', '3']) {
  disk.isFull = sequenceNumber === '2';
  const saved = checkpoint.set([['shard', { at: 'after', sequenceNumber }]]);
  const outcome = await saved.then(
    () => 'saved',
    (error: unknown) => String(error),
  );
  process.stdout.write(`${disk.freeBytes(tmpdir()) > 0} ${outcome}\n`);
}
