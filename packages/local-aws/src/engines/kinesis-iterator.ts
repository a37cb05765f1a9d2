import { createDecipheriv } from 'node:crypto';
import db from 'kinesalite/db/index.js';

/** Bytes in front of what is encrypted. */
const HEADER_BYTES = 8;

/**
 * The stream that a shard iterator of kinesalite reads: `<time>/<stream>/<shard>/<sequence>/…`. Undefined for what is
 * no iterator.
 */
export function streamOfIterator(iterator: string): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-cbc', db.ITERATOR_PWD_KEY, db.ITERATOR_PWD_IV);
    const encrypted = Buffer.from(iterator, 'base64').subarray(HEADER_BYTES);
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
      .toString('utf8')
      .split('/')[1];
  } catch {
    return undefined; // The engine refuses it.
  }
}
