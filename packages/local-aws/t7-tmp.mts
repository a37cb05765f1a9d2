import { readFile } from 'node:fs/promises';
import { readLog } from './src/checkup/leveldb-log.ts';

const b = await readFile(process.argv[2]);
console.log(b.length, b.toString('hex').slice(0, 200));
console.log(readLog(b, { isSynced: true }));
