/** Saves three checkpoints in the file of the second argument and ends as the first one says. */

import { Checkpoint } from '@tweet-pipes/local-aws/pipes/checkpoint';
import { endInFile } from '../../src/chaos/end-in-file.ts';

const [, , end = '', file = ''] = process.argv;
endInFile(JSON.parse(end), () => process.kill(process.pid, 'SIGKILL'));
const checkpoint = await Checkpoint.open(file, 'arn:stream');
for (const sequenceNumber of ['1', '2', '3']) await checkpoint.set([['shard', { at: 'after', sequenceNumber }]]);
