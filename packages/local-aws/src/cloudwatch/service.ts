import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { LocalService } from '../gateway/local-service.ts';
import type { Part } from '../lifecycle.ts';
import { Alarms } from './alarms/alarms.ts';
import { alarmOperations } from './api/alarm-operations.ts';
import { dashboardOperations } from './api/dashboard-operations.ts';
import { metricOperations } from './api/metric-operations.ts';
import type { MetricStore } from './store/metric-store.ts';

/** Between two rounds: gauges are read, alarms with a short period are evaluated. */
const ROUND_MS = 10_000;
/** Rounds between two searches for values that are too old. */
const TRIM_ROUNDS = 6;

/** Options of {@link createCloudWatchService}. */
export interface CloudWatchServiceOptions {
  readonly clock: Clock;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Where services put their metrics. */
  readonly metrics: MetricStore;
  /** Clients of the endpoint that publish the messages of an alarm, by its ARN. */
  clients(alarmArn: string): AwsClients;
  /** Gets a line when an alarm begins to ring, and one when it ends. Default: none is written. */
  log?(line: string): void;
}

/** CloudWatch's metrics and alarms on one machine. docs/feature-support.md lists what it supports. */
export interface CloudWatchService extends LocalService, Part {
  /** Calls `read` before each round of evaluations, for metrics that tell how much there is now. */
  onRound(read: () => void): void;
  /** One round: gauges, then alarms. `start` repeats it. Resolves when the actions of alarms are done. */
  round(): Promise<void>;
}

/** Creates the service. Metrics, alarms and dashboards are in memory; the loader creates those of a template. */
export function createCloudWatchService(options: CloudWatchServiceOptions): CloudWatchService {
  const { clock, clients, metrics } = options;
  const alarms = new Alarms({
    ...options,
    store: metrics,
    async publish(TopicArn, { subject, message }, alarmArn) {
      const { sns } = await clients(alarmArn).observation();
      const { PublishCommand } = await import('@aws-sdk/client-sns');
      await sns.send(new PublishCommand({ TopicArn, Subject: subject, Message: message }));
    },
  });
  const gauges: (() => void)[] = [];
  const ending = new AbortController();
  let running: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    for (const read of gauges) read();
    alarms.evaluate();
    await alarms.settled();
  };
  const run = async (): Promise<void> => {
    for (let rounds = 1; ; rounds += 1) {
      await clock.sleep(ROUND_MS, ending.signal);
      if (ending.signal.aborted) return;
      await round();
      if (rounds % TRIM_ROUNDS === 0) metrics.trim();
    }
  };
  return {
    signingName: 'monitoring',
    operations: {
      ...metricOperations(metrics, clock),
      ...alarmOperations(alarms),
      ...dashboardOperations(clock),
    },
    onRound: (read) => void gauges.push(read),
    round,
    async start() {
      running = run();
    },
    async stop() {
      ending.abort();
      await running;
      await alarms.settled();
    },
  };
}
