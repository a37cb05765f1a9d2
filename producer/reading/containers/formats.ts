import { isTarHeader } from './tar.ts';

/** What a file is by its first bytes. */
export type Format =
  | { kind: 'gzip' | 'bzip2' | 'zstd' | 'tar' | 'zip' }
  /** A text, as far as its first bytes tell. */
  | { kind: 'text' }
  /** Something that holds no text that can be read here; `name` says what. */
  | { kind: 'other'; name: string };

/** Bytes that are enough to recognise any format: the header of a tar archive is the longest. */
export const headBytes = 512;

const magics: readonly { magic: string; at?: number; format: Format }[] = [
  { magic: '1f8b08', format: { kind: 'gzip' } },
  { magic: '28b52ffd', format: { kind: 'zstd' } },
  { magic: '504b0304', format: { kind: 'zip' } },
  // An archive without members has only its directory.
  { magic: '504b0506', format: { kind: 'zip' } },
  ...Object.entries({
    fd377a585a00: 'compressed with xz; use `xzcat <file> | tweet-pipes produce file -`',
    '04224d18': 'compressed with lz4; use `lz4cat <file> | tweet-pipes produce file -`',
    '377abcaf271c': 'a 7z archive; unpack it first',
    '526172211a07': 'a RAR archive; unpack it first',
    '50415231': 'a Parquet file; export it as JSON lines or CSV',
    '4f626a01': 'an Avro file; export it as JSON lines or CSV',
    '4f5243': 'an ORC file; export it as JSON lines or CSV',
    '53514c69746520666f726d6174203300': 'an SQLite database; export its table as CSV',
    d0cf11e0a1b11ae1: 'an Office document; save it as CSV',
    f3899ac2: 'records of the Kinesis Producer Library; unpack them first, see docs/clients.md',
    '25504446': 'a PDF document',
    '89504e470d0a1a0a': 'a picture',
    ffd8ff: 'a picture',
    '47494638': 'a picture',
  }).map(([magic, name]): { magic: string; format: Format } => ({ magic, format: { kind: 'other', name } })),
  { magic: '57454250', at: 8, format: { kind: 'other', name: 'a picture' } },
  { magic: '66747970', at: 4, format: { kind: 'other', name: 'a film or sound' } },
];

/** Recognises the format of a file by its first {@link headBytes}, or all of it if it is shorter. */
export function formatOf(head: Buffer): Format {
  if (head.length >= headBytes && head.every((byte) => byte === 0)) {
    return { kind: 'other', name: 'binary data: zeros, as an empty tar archive has' };
  }
  const found = magics.find(({ magic, at = 0 }) => head.toString('hex', at, at + magic.length / 2) === magic);
  if (found !== undefined) return found.format;
  // The level, then the magic number of a block or of the end.
  if (/^425a683[1-9](?:314159265359|177245385090)/.test(head.toString('hex', 0, 10))) return { kind: 'bzip2' };
  // A frame to skip may come first: https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.2
  if (/^5[0-9a-f]2a4d18/.test(head.toString('hex', 0, 4))) return { kind: 'zstd' };
  if (isTarHeader(head)) return { kind: 'tar' };
  return isText(head) ? { kind: 'text' } : { kind: 'other', name: 'binary data' };
}

/** Text has few control characters, NULs aside: a single bad byte makes no binary of it, and UTF-16 has many NULs. */
function isText(head: Buffer): boolean {
  const [start, isUtf16] = [head.subarray(0, 512), looksLikeUtf16(head)];
  const controls = start.filter((byte) => byte < 0x20 && !isOfText(byte) && !(isUtf16 && byte === 0)).length;
  return controls * 16 <= start.length;
}

const isOfText = (byte: number): boolean => (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b || byte === 0x1e;

/** Whether the bytes have a byte order mark of UTF-16 or 32, or each other byte is mostly NUL. */
function looksLikeUtf16(head: Buffer): boolean {
  const mark = head.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff' || head.toString('hex', 0, 4) === '0000feff') return true;
  const start = head.subarray(0, 512);
  const nuls = [0, 1].map((odd) => start.filter((byte, index) => byte === 0 && index % 2 === odd).length);
  return nuls.some((count) => count * 3 > start.length);
}
