import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { readFrames } from '../firehose/journal-reader.ts';
import { Checkpoint } from '../pipes/checkpoint.ts';
import { type Damage, type StoreCheck, sizeText } from './damage.ts';
import { namesIn, sizeOf } from './pipe-files.ts';

/**
 * Checks the journals of each delivery stream, records that are acknowledged or read and not in S3 yet, and the
 * checkpoint of its source. Reads only.
 */
export async function checkFirehoseFiles(folder: string): Promise<StoreCheck> {
  let bytes = 0;
  const damages: Damage[] = [];
  for (const stream of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, stream))) {
      if (name === 'checkpoint.json') {
        const file = join(folder, stream, name);
        bytes += (await sizeOf(file)) ?? 0;
        const problem = await Checkpoint.problemOf(file);
        const lost = `up to where the delivery stream ${stream} has read; it begins again at the end of its source`;
        if (problem !== undefined) damages.push({ file, problem, lost });
        continue;
      }
      if (!/^\d+\.journal$/.test(name)) continue;
      const file = join(folder, stream, name);
      const size = (await sizeOf(file)) ?? 0;
      bytes += size;
      const readBytes = await readableBytes(file);
      if (readBytes === undefined) continue;
      const lost = `up to ${sizeText(size - readBytes)} of records that wait for their delivery`;
      damages.push({ file, problem: `is damaged at byte ${readBytes} of ${size}`, lost });
    }
  }
  return { store: 'Firehose', path: folder, bytes, damages };
}

/** Where the first damaged frame begins. Undefined when there is none. */
async function readableBytes(file: string): Promise<number | undefined> {
  const handle = await open(file, 'r');
  let readBytes = 0;
  try {
    for await (const { endByte } of readFrames(handle, file)) readBytes = endByte;
    return undefined;
  } catch (error) {
    if (!isNamed(error, 'JournalCorrupt')) throw error;
    return readBytes;
  } finally {
    await handle.close();
  }
}
