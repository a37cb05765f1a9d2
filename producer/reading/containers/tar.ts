import type { ArchiveMember } from './archive-member.ts';
import type { Bytes } from './bytes.ts';

const blockBytes = 512;
/** Names of members and the like; longer ones are refused. */
const longestExtensionBytes = 1024 ** 2;

/** What a member is that is no file, by its type flag. */
const kinds: Readonly<Record<string, string>> = {
  '1': 'a link, not a file',
  '2': 'a symbolic link, not a file',
  '3': 'a device, not a file',
  '4': 'a device, not a file',
  '6': 'a pipe, not a file',
  S: 'a sparse file, which is not read here; unpack it first',
};

/**
 * The members of a tar archive (ustar, pax, GNU) in their order, folders left out; also of several archives after each
 * other. Throws where a header is damaged, and where the archive ends early. ADR 0038 says why no library does this.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13
 */
export async function* tarMembers(chunks: Bytes): AsyncGenerator<ArchiveMember> {
  const input = new Input(chunks);
  let isEnded = false;
  let extended: { path?: string; size?: number } = {};
  for (;;) {
    const header = await input.take(blockBytes);
    if (header.length === 0 && isEnded) return;
    if (header.length < blockBytes) throw new Error('the archive ends early');
    isEnded = header.every((byte) => byte === 0);
    if (isEnded) continue;
    const { name, size: ownSize, type } = readHeader(header);
    if (type === 'x' || type === 'L') {
      const extension = await input.extension(ownSize);
      extended = type === 'L' ? { ...extended, path: textOf(extension) } : { ...extended, ...readPax(extension) };
      continue;
    }
    const { path = name, size = ownSize } = extended;
    extended = {};
    const member = input.member(size);
    const isFile = type === '' || type === '0' || type === '7';
    const isFolder = type === '5' || (isFile && path.endsWith('/'));
    // Extensions that say nothing about names or sizes are skipped.
    const isExtension = type === 'g' || type === 'K' || type === 'V';
    if (!isFolder && !isExtension) {
      const { bytes } = member;
      const obstacle = isFile ? undefined : (kinds[type] ?? `a member of the type ${type}, which is not known here`);
      yield obstacle === undefined ? { name: path, bytes } : { name: path, obstacle, bytes };
    }
    await member.skip();
  }
}

function readHeader(header: Buffer): { name: string; size: number; type: string } {
  if (!isTarHeader(header)) throw new Error('a header of the archive is damaged');
  const field = (from: number, to: number) => textOf(header.subarray(from, to));
  const prefix = field(257, 263) === 'ustar' ? field(345, 500) : '';
  const name = field(0, 100);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size: readSize(header), type: field(156, 157) };
}

/** Whether the bytes are a header: it holds the sum of its own bytes, the sum's counted as spaces. */
export function isTarHeader(header: Buffer): boolean {
  if (header.length < blockBytes) return false;
  const field = header.toString('latin1', 148, 156);
  if (!/^ *[0-7]+[ \0]/.test(field)) return false;
  let sum = 8 * 0x20;
  for (let index = 0; index < blockBytes; index += 1) if (index < 148 || index >= 156) sum += header[index] ?? 0;
  return sum === Number.parseInt(field.trim(), 8);
}

/** Octal digits; or a binary number, whose first bit is set. */
function readSize(header: Buffer): number {
  const isBinary = ((header[124] ?? 0) & 0x80) !== 0;
  const size = isBinary
    ? Number(header.readBigUInt64BE(128))
    : Number.parseInt(textOf(header.subarray(124, 136)).trim() || '0', 8);
  if (!Number.isSafeInteger(size)) throw new Error('a header of the archive is damaged');
  return size;
}

/** Lines such as `24 path=long/name.json`, the length in front. */
function readPax(extension: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < extension.length; ) {
    const length = Number.parseInt(extension.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const [, name, value = ''] = /^\d+ ([^=]+)=(.*)\n$/s.exec(extension.toString('utf8', at, at + length)) ?? [];
    if (name === 'path') found.path = value;
    if (name === 'size' && /^\d{1,15}$/.test(value)) found.size = Number(value);
    at += length;
  }
  return found;
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

/** The bytes of the archive, taken in order. */
class Input {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: Bytes) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, at least one and `most` at most; none at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.#rest = next.value;
    }
    const some = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(some.length);
    return some;
  }

  /** So many bytes, fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async extension(size: number): Promise<Buffer> {
    if (size > longestExtensionBytes) throw new Error('the archive has a name of more than 1 MiB');
    const extension = await this.take(size + padding(size));
    return extension.subarray(0, size);
  }

  /** The next member. `skip` is to be called when it is done with, read or not. */
  member(size: number): { bytes: AsyncGenerator<Buffer>; skip(): Promise<void> } {
    let left = size;
    const next = async () => {
      const part = await this.some(left);
      if (part.length === 0) throw new Error('the archive ends early');
      left -= part.length;
      return part;
    };
    return {
      bytes: (async function* () {
        while (left > 0) yield await next();
      })(),
      skip: async () => {
        while (left > 0) await next();
        await this.take(padding(size));
      },
    };
  }
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}
