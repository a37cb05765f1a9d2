import type { LogDelivery } from '../logs/log-delivery.ts';
import type { DecideForSession, WorkerSession } from './worker-session.ts';

/** Who writes lines, and where the groups are. */
export interface SessionLogsOptions {
  /** Called for each line: a resource may get another role. */
  session(): WorkerSession;
  readonly decide: DecideForSession;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Whether the service makes the streams that it writes to. It needs a right for that too. */
  readonly createsStreams: boolean;
}

/**
 * Log delivery with the rights of a session. What its role may not write is not in the log, as on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
export function sessionLogs(delivery: LogDelivery, options: SessionLogsOptions): LogDelivery {
  const { decide, region, accountId, createsStreams } = options;
  const groupArn = (group: string): string => `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
  const may = (action: string, resource: string): boolean =>
    decide(options.session(), { action: `logs:${action}`, resource }).isAllowed;
  /** The latest stream of each group that could be made. */
  const streams = new Map<string, string>();
  return {
    put(group, stream, line) {
      const resource = `${groupArn(group)}:log-stream:${stream}`;
      if (createsStreams && streams.get(group) !== stream) {
        if (!may('CreateLogStream', resource)) return;
        streams.set(group, stream);
      }
      if (may('PutLogEvents', resource)) delivery.put(group, stream, line);
    },
    ensureGroup(group) {
      if (may('CreateLogGroup', `${groupArn(group)}:log-stream:`)) delivery.ensureGroup(group);
    },
  };
}
