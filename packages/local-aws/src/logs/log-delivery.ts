/** One event of a log stream. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Text. Usually one line, without a line break at its end. */
  readonly message: string;
}

/**
 * Where the services of the runtime put what AWS delivers to CloudWatch Logs. Never blocks and never throws: a line
 * that cannot be stored is lost as on AWS, and the store says so.
 */
export interface LogDelivery {
  /** Adds a line. Creates the stream. A group that does not exist gets nothing, as on AWS. */
  put(logGroupName: string, logStreamName: string, line: LogLine): void;
  /** Creates a group that never expires, if there is none, as Lambda does for a function without a group of its own. */
  ensureGroup(logGroupName: string): void;
}

/** Delivers nothing, for services that are used alone. */
export const noLogDelivery: LogDelivery = { put() {}, ensureGroup() {} };
