import type { LogDelivery, LogLine } from '../../src/logs/log-delivery.ts';

/** Keeps what is delivered, in memory. Every group exists. */
export class KeptLines implements LogDelivery {
  readonly lines: (LogLine & { logGroupName: string; logStreamName: string })[] = [];
  readonly ensured: string[] = [];

  put(logGroupName: string, logStreamName: string, line: LogLine): void {
    this.lines.push({ ...line, logGroupName, logStreamName });
  }

  ensureGroup(logGroupName: string): void {
    this.ensured.push(logGroupName);
  }

  /** The lines of a group, one after the other. */
  text(logGroupName: string): string {
    return this.lines
      .filter((line) => line.logGroupName === logGroupName)
      .map(({ message }) => `${message}\n`)
      .join('');
  }
}
