/** How one round of the runtime ends. Times are milliseconds. */
export type CrashPoint =
  /** `kill -9` from outside, this long after it was ready. */
  | { how: 'kill'; afterReadyMs: number }
  /**
   * `kill -9` from outside, this long after the process was started: while it opens its files, loads the stack or
   * starts to poll.
   */
  | { how: 'kill-starting'; afterSpawnMs: number }
  /** It kills itself at the n-th call of an operation: before the call, or after it, with its answer lost. */
  | {
      how: 'kill-call';
      operation: string;
      when: 'before' | 'after';
      nth: number;
      /** Counts only calls whose URL contains this. */
      of?: string;
    }
  /**
   * It kills itself at the n-th operation on files of a kind: before it, with half of the bytes written, or after it.
   */
  | { how: 'kill-file'; file: FileKind; operation: FileOperation; when: 'before' | 'half' | 'after'; nth: number }
  /** The DynamoDB engine is killed, which makes the runtime exit. */
  | { how: 'kill-engine'; afterReadyMs: number }
  /** The disk is full for this long, then has space. Killed from outside once everything works again. */
  | { how: 'fill-disk'; afterReadyMs: number; fullMs: number }
  /** `kill -9` from outside, and nothing answers for this long, while records wait to be sent. */
  | { how: 'stay-gone'; afterReadyMs: number; goneMs: number }
  /** A regular stop, as by Ctrl-C. */
  | { how: 'stop'; afterReadyMs: number };

/** A pipe's checkpoint with its temporary file, or the journal of a delivery stream. */
export type FileKind = 'checkpoint' | 'journal';

/** What the runtime does to such a file, or to its folder. */
export type FileOperation = 'open' | 'write' | 'sync' | 'rename' | 'remove' | 'sync-folder';

/** The name of a crash point in the report, which has one per kind. */
export function crashPointName(crashPoint: CrashPoint): string {
  switch (crashPoint.how) {
    case 'kill':
      return 'at a random moment';
    case 'kill-starting':
      return 'while starting';
    case 'kill-call':
      return 'inside a call';
    case 'kill-file':
      return crashPoint.file === 'checkpoint' ? 'inside a checkpoint write' : 'inside a Firehose journal';
    case 'kill-engine':
      return 'of the DynamoDB engine';
    case 'fill-disk':
      return 'after the disk was full, then had space';
    case 'stay-gone':
      return `with the endpoint gone for ${crashPoint.goneMs / 1000} s`;
    case 'stop':
      return 'stops on request';
  }
}
