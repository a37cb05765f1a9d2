import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import type { ArchiveMember } from './archive-member.ts';
import { type Bytes, buffersOf } from './bytes.ts';

/** The directory of a zip archive stands at its end. Without a file the whole archive is kept in memory. */
const largestZipInMemoryBytes = 64 * 1024 ** 2;

/** Methods whose bytes have a magic number of their own, which then tells how to unpack them: bzip2, zstandard, xz. */
const selfDescribing: readonly number[] = [12, 93, 95];

/** Where a zip archive is: the path of a file, or bytes. */
export type ZipPlace = { path: string } | { bytes: Bytes };

/** The members of a zip archive in the order of its directory, folders left out. Throws where it is damaged. */
export async function* zipMembers(place: ZipPlace): AsyncGenerator<ArchiveMember> {
  const options = { decodeStrings: false };
  const zip =
    'path' in place
      ? await yauzl.openPromise(place.path, options)
      : await yauzl.fromBufferPromise(await gathered(place.bytes), options);
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
    if (name === '[Content_Types].xml') throw new Error('it is an Office document; save it as CSV');
    if (name.endsWith('/')) continue;
    const bytes = bytesOf(zip, entry);
    if (entry.isEncrypted()) yield { name, obstacle: 'encrypted; unpack the archive with its password first', bytes };
    else if (entry.canDecodeFileData() || selfDescribing.includes(entry.compressionMethod)) yield { name, bytes };
    else yield { name, obstacle: `packed by a method that is not known here (${entry.compressionMethod})`, bytes };
    await bytes.return(undefined);
  }
}

async function* bytesOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  if (!entry.canDecodeFileData()) {
    yield* buffersOf(await zip.openReadStreamPromise(entry, { decodeFileData: false }));
    return;
  }
  let sum = 0;
  for await (const chunk of buffersOf(await zip.openReadStreamPromise(entry))) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error('it is damaged: its sum is wrong');
}

async function gathered(bytes: Bytes): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > largestZipInMemoryBytes) {
      throw new Error(
        `it is a zip archive of more than ${largestZipInMemoryBytes / 1024 ** 2} MiB that is no file of its own; unpack it, or give its path`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
