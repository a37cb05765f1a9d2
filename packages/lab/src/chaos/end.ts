/** How one life of the runtime ends. Times are milliseconds. */
export type End =
  /** `kill -9` from outside, so long after it was ready. */
  | { how: 'kill'; afterReadyMs: number }
  /**
   * `kill -9` from outside, so long after the process was started: while it opens its files, loads the stack or begins
   * to poll.
   */
  | { how: 'kill-starting'; afterSpawnMs: number }
  /**
   * It kills itself at the n-th call of an operation: before the service gets it, or after it was done and nobody has
   * the answer.
   */
  | {
      how: 'kill-call';
      operation: string;
      when: 'before' | 'after';
      nth: number;
      /** Only calls whose address has this in it count. */
      of?: string;
    }
  /**
   * It kills itself at the n-th operation on files of one kind: before it, with half of the bytes written, or after it.
   */
  | { how: 'kill-file'; file: FileKind; operation: FileOperation; when: 'before' | 'half' | 'after'; nth: number }
  /** The DynamoDB engine is killed, and the runtime ends because of it. */
  | { how: 'kill-engine'; afterReadyMs: number }
  /** It is asked to stop, as by Ctrl-C. */
  | { how: 'stop'; afterReadyMs: number };

/** A pipe's checkpoint with its temporary file, or the journal of a delivery stream. */
export type FileKind = 'checkpoint' | 'journal';

export type FileOperation = 'open' | 'write' | 'sync' | 'rename' | 'remove' | 'sync-folder';

/** What the report counts ends as. */
export function endName(end: End): string {
  switch (end.how) {
    case 'kill':
      return 'at a random moment';
    case 'kill-starting':
      return 'while starting';
    case 'kill-call':
      return 'inside a call';
    case 'kill-file':
      return end.file === 'checkpoint' ? 'inside a checkpoint write' : 'inside a Firehose journal';
    case 'kill-engine':
      return 'of the DynamoDB engine';
    case 'stop':
      return 'stops on request';
  }
}
