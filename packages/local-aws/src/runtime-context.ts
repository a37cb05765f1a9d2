import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { MetricDelivery } from './cloudwatch/metric-delivery.ts';
import type { Meter } from './meter/meter.ts';

/** What the parts of one runtime share. */
export interface RuntimeContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Holds everything that survives a restart. One process at a time may use it. */
  readonly dataFolder: string;
  /** In ARNs, and for requests without a signature. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Counts what AWS would bill. */
  readonly meter: Meter;
  /** Where services put the metrics of AWS. Default: nowhere. */
  readonly metrics?: MetricDelivery;
}
