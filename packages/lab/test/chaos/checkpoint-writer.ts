/** Saves three checkpoints in the file of the second argument; the first is the crash point as JSON. */

import { Checkpoint } from '@tweet-pipes/local-aws/pipes/checkpoint';
import { crashInFile } from '../../src/chaos/crash-in-file.ts';

const [, , crashPoint = '', file = ''] = process.argv;
crashInFile(JSON.parse(crashPoint), () => process.kill(process.pid, 'SIGKILL'));
const checkpoint = await Checkpoint.open(file, 'arn:stream');
for (const sequenceNumber of ['1', '2', '3']) await checkpoint.set([['shard', { at: 'after', sequenceNumber }]]);
