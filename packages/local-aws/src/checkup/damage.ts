/** A file of the data folder that cannot be used as it is. */
export interface Damage {
  /** Absolute. */
  readonly file: string;
  /** `is missing`, `has 3 damaged blocks of 130`. */
  readonly problem: string;
  /** What is lost with it, as far as that can be told. */
  readonly lost: string;
}

/** What the check of one store found. */
export interface StoreCheck {
  readonly store: StoreName;
  /** The store's file or folder, absolute. */
  readonly path: string;
  /** Bytes on disk. */
  readonly bytes: number;
  readonly damages: readonly Damage[];
}

export type StoreName = 'DynamoDB' | 'Kinesis' | 'S3 and SQS' | 'pipes' | 'Firehose' | 'logs';

/**
 * Stored data is damaged. The message names each file, what is lost, and the ways on. Not retryable: nothing was
 * started or changed.
 */
export class DamagedDataError extends Error {
  override readonly name = 'DamagedDataError';

  constructor(folder: string, damages: readonly Damage[]) {
    const files = damages.map((damage) => `  ${describeDamage(damage)}`);
    super(
      [
        `The data in ${folder} is damaged:`,
        ...files,
        'Put the files back from a copy; or keep what can be read with `npx tweet-pipes doctor --repair`; or begin empty with --fresh.',
      ].join('\n'),
    );
  }
}

/** `<file> <problem>. Lost: <what>.` */
function describeDamage({ file, problem, lost }: Damage): string {
  return `${file} ${problem}. Lost: ${lost}.`;
}

/** `412 bytes`, `38 KB`, `1.9 MB`; powers of a thousand. */
export function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
