import { analyse } from 'chardet';
import type { Bytes } from '../containers/bytes.ts';
import { EncodingError } from './encoding-error.ts';

/** Bytes that are enough to recognise the encoding. */
export const encodingHeadBytes = 4;

/** A text in UTF-8, and in which encoding it was. */
export interface Decoded {
  encoding: string;
  /**
   * Without a byte order mark. Lines end in LF or CRLF. What is no character in the encoding has a byte that is no
   * UTF-8 in its place, so that only its own line is spoilt.
   */
  bytes: AsyncGenerator<Buffer>;
}

/**
 * The text as UTF-8. UTF-8 and UTF-16 are recognised by the first bytes, with and without a byte order mark.
 * @param named an encoding for texts without a mark, by its name in https://encoding.spec.whatwg.org/#names-and-labels
 */
export function decoded(head: Buffer, bytes: Bytes, named?: string): Decoded {
  const { encoding, markBytes } = encodingOf(head, named);
  const content = markBytes === 0 ? bytes : without(bytes, markBytes);
  switch (encoding) {
    case 'utf-8':
      return { encoding, bytes: withLineFeeds(content) };
    case 'utf-16le':
    case 'utf-16be':
      return { encoding, bytes: withLineFeeds(fromUtf16(content, encoding === 'utf-16be')) };
    default:
      return { encoding, bytes: withLineFeeds(fromNamed(content, encoding)) };
  }
}

/** The encoding's name if it is known here, as {@link decoded} takes it. Throws {@link EncodingError}. */
export function checkEncoding(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new EncodingError(`The encoding ${name} is not known; such names as windows-1252, shift_jis, euc-kr are.`);
  }
}

/** The likeliest encoding of bytes that are no UTF-8, by its name for {@link decoded}; undefined without a guess. */
export function guessedEncoding(bytes: Uint8Array): string | undefined {
  for (const { name } of analyse(bytes)) {
    const known = /^(utf|ascii)/i.test(name) ? undefined : namesOf(name);
    if (known !== undefined) return known;
  }
  return undefined;
}

function namesOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function encodingOf(head: Buffer, named: string | undefined): { encoding: string; markBytes: number } {
  const hex = head.toString('hex', 0, encodingHeadBytes);
  if (hex === '0000feff' || hex === 'fffe0000') {
    throw new EncodingError('it is in UTF-32; use `iconv -f UTF-32 -t UTF-8 <file> | tweet-pipes produce file -`');
  }
  if (hex.startsWith('efbbbf')) return { encoding: 'utf-8', markBytes: 3 };
  if (hex.startsWith('fffe')) return { encoding: 'utf-16le', markBytes: 2 };
  if (hex.startsWith('feff')) return { encoding: 'utf-16be', markBytes: 2 };
  if (named !== undefined) return { encoding: checkEncoding(named), markBytes: 0 };
  // JSON and CSV begin with ASCII: https://datatracker.ietf.org/doc/html/rfc4627#section-3
  if (/^(?!00)..00(?!00)..00/.test(hex)) return { encoding: 'utf-16le', markBytes: 0 };
  if (/^00(?!00)..00(?!00)../.test(hex)) return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}

async function* without(bytes: Bytes, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of bytes) {
    const kept = chunk.subarray(left);
    left -= chunk.length - kept.length;
    if (kept.length > 0) yield kept;
  }
}

/** Texts of Mac OS before X end their lines in CR alone. The first line tells. */
async function* withLineFeeds(bytes: Bytes): AsyncGenerator<Buffer> {
  let isReturnOnly: boolean | undefined;
  let held: Buffer = Buffer.alloc(0);
  for await (const next of bytes) {
    const chunk = held.length === 0 ? next : Buffer.concat([held, next]);
    held = Buffer.alloc(0);
    if (isReturnOnly === undefined) {
      const [feed, carriageReturn] = [chunk.indexOf('\n'), chunk.indexOf('\r')];
      if (carriageReturn !== -1 && carriageReturn === chunk.length - 1) {
        held = chunk;
        continue;
      }
      if (feed !== -1) isReturnOnly = carriageReturn !== -1 && carriageReturn < feed - 1;
      else if (carriageReturn !== -1) isReturnOnly = true;
    }
    yield isReturnOnly ? withFeeds(chunk) : chunk;
  }
  if (held.length > 0) yield withFeeds(held);
}

function withFeeds(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}

const notUtf8 = Buffer.of(0xff);

async function* fromUtf16(bytes: Bytes, isBigEndian: boolean): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const joined = Buffer.concat([rest, chunk]);
    const units = joined.subarray(0, joined.length - (joined.length % 2));
    if (isBigEndian) units.swap16();
    const text = units.toString('utf16le');
    // A pair may be cut in two by the end of the chunk.
    const isCut = /[\ud800-\udbff]$/.test(text);
    const used = units.length - (isCut ? 2 : 0);
    rest = Buffer.from(joined.subarray(used));
    if (isBigEndian) rest.subarray(0, units.length - used).swap16();
    yield* wellFormed(isCut ? text.slice(0, -1) : text);
  }
  if (rest.length > 0) yield notUtf8;
}

/** In the place of a lone surrogate stands a byte that is no UTF-8. */
function* wellFormed(text: string): Generator<Buffer> {
  if (text.isWellFormed()) {
    if (text !== '') yield Buffer.from(text);
    return;
  }
  const parts = text.split(/\p{Surrogate}/u);
  for (const [index, part] of parts.entries()) {
    if (index > 0) yield notUtf8;
    if (part !== '') yield Buffer.from(part);
  }
}

async function* fromNamed(bytes: Bytes, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield* marked(decoder.decode(chunk, { stream: true }));
  yield* marked(decoder.decode());
}

/** The decoder puts U+FFFD in the place of what is no character. */
function* marked(text: string): Generator<Buffer> {
  for (const [index, part] of text.split('\ufffd').entries()) {
    if (index > 0) yield notUtf8;
    if (part !== '') yield Buffer.from(part);
  }
}
