import { messageOf } from '@tweet-pipes/kit/thrown';
import type { ArchiveMember } from './archive-member.ts';
import { type Bytes, peek } from './bytes.ts';
import { bunzipped } from './bzip2.ts';
import type { Expansion } from './expansion.ts';
import { formatOf, headBytes } from './formats.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';
import { gunzipped, unzstd } from './zlib-members.ts';

/** A file, or a member of a file, that may be a container. */
export interface Packed {
  /** Where it is, for people: the file, and the names of members inside it, joined by slashes. */
  path: string;
  bytes: Bytes;
  /** The file that it is, if it is one. */
  file?: string;
}

/** What is in a file: texts, and what cannot be opened, with the reason. */
export type Content =
  /** `bytes` are to be read before the next content is asked for. Reading them throws where they are damaged. */
  | { kind: 'text'; path: string; bytes: AsyncGenerator<Buffer> }
  | {
      kind: 'closed';
      path: string;
      reason: string;
      /** It is whole, and of a format that holds no text. */
      isOther?: true;
      /** It is a container of which contents were given before. */
      isPartlyRead?: true;
    };

/** Containers inside each other: a zip archive of tar.gz archives of .json.bz2 files has four. */
const deepest = 6;

/**
 * The contents of a file, containers opened, in their order: gzip, bzip2, zstandard, tar and zip, recognised by their
 * first bytes, in each other too. Streams, so that memory does not grow with the file; see {@link zipMembers} for zip
 * archives inside others. Nothing is written anywhere, and names of members mean nothing here. Never throws: what is
 * damaged becomes a closed content, and reading goes on behind it where the container allows that.
 */
export async function* contentsOf(packed: Packed, expansion: Expansion, depth = 0): AsyncGenerator<Content> {
  const { path } = packed;
  let isPartlyRead = false;
  try {
    const { head, bytes } = await peek(packed.bytes, hasFormat);
    const format = formatOf(head);
    if (format.kind === 'text') {
      yield { kind: 'text', path, bytes };
      return;
    }
    if (format.kind === 'other') {
      await bytes.return(undefined);
      yield { kind: 'closed', path, reason: `it is ${format.name}`, isOther: true };
      return;
    }
    if (depth === deepest) throw new Error(`it is inside more than ${deepest} containers; unpack it first`);
    const inner = (member: Packed) => contentsOf(member, expansion, depth + 1);
    switch (format.kind) {
      case 'gzip':
        yield* inner({ path, bytes: expansion.bounded(gunzipped(bytes)) });
        return;
      case 'bzip2':
        yield* inner({ path, bytes: expansion.bounded(bunzipped(bytes)) });
        return;
      case 'zstd':
        yield* inner({ path, bytes: expansion.bounded(unzstd(bytes)) });
        return;
      case 'tar':
        for await (const content of contentsOfMembers(tarMembers(bytes), inner, path, expansion)) {
          isPartlyRead = true;
          yield content;
        }
        if (!isPartlyRead) yield { kind: 'closed', path, reason: 'it is an archive without files', isOther: true };
        return;
      case 'zip': {
        const { file } = packed;
        if (file !== undefined) await bytes.return(undefined);
        const place = file === undefined ? { bytes } : { path: file };
        for await (const content of contentsOfMembers(zipMembers(place), inner, path, expansion)) {
          isPartlyRead = true;
          yield content;
        }
        if (!isPartlyRead) yield { kind: 'closed', path, reason: 'it is an archive without files', isOther: true };
        return;
      }
    }
  } catch (error) {
    yield { kind: 'closed', path, reason: messageOf(error), ...(isPartlyRead ? { isPartlyRead } : {}) };
  }
}

async function* contentsOfMembers(
  members: AsyncGenerator<ArchiveMember>,
  inner: (member: Packed) => AsyncGenerator<Content>,
  archive: string,
  expansion: Expansion,
): AsyncGenerator<Content> {
  for await (const { name, obstacle, bytes } of members) {
    const path = `${archive}/${name}`;
    if (obstacle === undefined) yield* inner({ path, bytes: expansion.bounded(bytes) });
    else yield { kind: 'closed', path, reason: `it is ${obstacle}` };
    if (expansion.isExceeded) return;
  }
}

/** A short first message of a live stream is no reason to wait. No container has a line end and only text before it. */
function hasFormat(head: Buffer): boolean {
  return head.length >= headBytes || /^[\t\x20-\xff]+[\r\n]/.test(head.toString('latin1'));
}
