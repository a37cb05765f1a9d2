import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { NotKnown } from './known.ts';

/** One metric, over all minutes of the window. */
export interface MetricQuery {
  /** `AWS/Kinesis` */
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  /** `Sum` and `SampleCount` add up over the window, `Maximum` is the largest. */
  statistic: 'Sum' | 'SampleCount' | 'Maximum';
}

/** AWS: "GetMetricData", at most 500 metrics a call. */
const perCall = 500;
const minuteMs = 60_000;

/** Reads metrics, those that are asked for at the same time in one call. */
export class MetricReader {
  /** The window that values are of. */
  readonly minutes: number;
  readonly #clients: AwsClients;
  readonly #clock: Clock;
  readonly #freshMs: number;
  readonly #known = new Map<string, { atMs: number; value: Promise<number | undefined> }>();
  #waiting: { query: MetricQuery; resolve(value: number | undefined): void; reject(error: unknown): void }[] = [];

  /** A value is not read again for `freshMs` milliseconds: CloudWatch bills each metric that is asked for. */
  constructor(clients: AwsClients, clock: Clock, { minutes, freshMs }: { minutes: number; freshMs: number }) {
    this.#clients = clients;
    this.#clock = clock;
    this.#freshMs = freshMs;
    this.minutes = minutes;
  }

  /** The value, undefined where CloudWatch has none. Rejects with the SDK's error. */
  read(query: MetricQuery): Promise<number | undefined> {
    const key = JSON.stringify(query);
    const known = this.#known.get(key);
    if (known !== undefined && this.#clock.now() - known.atMs < this.#freshMs) return known.value;
    const value = new Promise<number | undefined>((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject });
    });
    if (this.#waiting.length === 1) setImmediate(() => void this.#ask());
    if (this.#freshMs > 0) this.#known.set(key, { atMs: this.#clock.now(), value });
    value.catch(() => this.#known.delete(key));
    return value;
  }

  async #ask(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < waiting.length; start += perCall) {
      const some = waiting.slice(start, start + perCall);
      try {
        const values = await this.#get(some.map(({ query }) => query));
        for (const [index, { resolve }] of some.entries()) resolve(values.get(index));
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
  }

  async #get(queries: readonly MetricQuery[]): Promise<Map<number, number>> {
    const { cloudwatch } = await this.#clients.observation();
    const EndTime = new Date(Math.ceil(this.#clock.now() / minuteMs) * minuteMs);
    const StartTime = new Date(EndTime.getTime() - this.minutes * minuteMs);
    const values = new Map<number, number>();
    let NextToken: string | undefined;
    do {
      const answer = await cloudwatch.send(
        new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries: queries.map(dataQuery), NextToken }),
      );
      for (const { Id = '', Values = [] } of answer.MetricDataResults ?? []) {
        const index = Number(Id.slice(1));
        const query = queries[index];
        if (query === undefined || Values.length === 0) continue;
        values.set(index, combined(query, values.has(index) ? [values.get(index) ?? 0, ...Values] : Values));
      }
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return values;
  }
}

function dataQuery({ namespace, name, dimensions, statistic }: MetricQuery, index: number): MetricDataQuery {
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: minuteMs / 1000,
      Stat: statistic,
    },
  };
}

function combined({ statistic }: MetricQuery, values: readonly number[]): number {
  return statistic === 'Maximum' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

/** The metrics of one resource. */
export class ResourceMetrics {
  readonly #reader: MetricReader;
  readonly #of: Pick<MetricQuery, 'namespace' | 'dimensions'>;

  constructor(reader: MetricReader, namespace: string, dimensions: Readonly<Record<string, string>>) {
    this.#reader = reader;
    this.#of = { namespace, dimensions };
  }

  read(name: string, statistic: MetricQuery['statistic']): Promise<number | undefined> {
    return this.#reader.read({ ...this.#of, name, statistic });
  }

  /**
   * Sums by name. AWS publishes most of them only when they are not 0, so one that is missing is 0 as soon as another
   * one of the resource has a value. Throws NotKnown when none has.
   */
  async sums<N extends string>(...names: N[]): Promise<Record<N, number>> {
    const values = await Promise.all(names.map((name) => this.read(name, 'Sum')));
    if (values.every((value) => value === undefined)) {
      throw new NotKnown(`CloudWatch has no values of the last ${this.#reader.minutes} minutes`);
    }
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0])) as Record<N, number>;
  }
}
