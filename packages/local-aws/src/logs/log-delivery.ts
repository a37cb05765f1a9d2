/** One event of a log stream. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** One line, without the line break. */
  readonly message: string;
}

/**
 * Where the services of the runtime put what AWS delivers to CloudWatch Logs. Never blocks and never throws: a line
 * that cannot be stored is lost as on AWS, and the store says so.
 */
export interface LogDelivery {
  /** Adds a line. Creates the stream. A group that does not exist gets nothing, as on AWS. */
  put(logGroupName: string, logStreamName: string, line: LogLine): void;
}

/** Delivers nothing, for services that are used alone. */
export const noLogDelivery: LogDelivery = { put() {} };
