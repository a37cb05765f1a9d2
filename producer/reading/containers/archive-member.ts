import type { Bytes } from './bytes.ts';

/** A member of an archive. */
export interface ArchiveMember {
  /** As the archive names it: not fit for a file system. */
  name: string;
  /** What it is, if its bytes cannot be had: a link, an encrypted file. */
  obstacle?: string;
  /** To be read before the next member is asked for; what is left is skipped. */
  bytes: Bytes;
}
