import type { CallCosts } from '@tweet-pipes/console/call-costs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { type PriceList, readPriceList } from '../costs/price-list.ts';

/**
 * CloudWatch bills GetMetricData by the metric, and other requests alike by the request, us-east-1:
 * https://aws.amazon.com/cloudwatch/pricing/
 */
const usdPerMetric = 0.01 / 1_000;

const windowMs = 10 * 60_000;
/** Less would make a rate of a single look. */
const shortestWindowMs = 60_000;

interface PaidCall {
  atMs: number;
  usd: number;
}

/** Counts the calls of some clients and what AWS bills for them: list prices of us-east-1, no free tier. */
export class CallMeter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startMs: number;
  readonly #prices: PriceList['prices'];
  #calls = 0;
  #usd = 0;
  #recent: PaidCall[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startMs = clock.now();
    this.#prices = readPriceList().prices;
  }

  /** Counts a call by its command, with input and answer as the SDK has them. */
  note(command: string, input: unknown, answer: unknown): void {
    this.#calls += 1;
    const usd = this.#priceOf(command, input, answer);
    if (usd === 0) return;
    this.#usd += usd;
    this.#recent.push({ atMs: this.#clock.now(), usd });
  }

  get costs(): CallCosts {
    const nowMs = this.#clock.now();
    this.#recent = this.#recent.filter(({ atMs }) => nowMs - atMs < windowMs);
    const seenMs = Math.max(shortestWindowMs, Math.min(windowMs, nowMs - this.#startMs));
    const recentUsd = this.#recent.reduce((sum, { usd }) => sum + usd, 0);
    return { calls: this.#calls, usd: this.#usd, usdPerHour: (recentUsd / seenMs) * 3_600_000 };
  }

  /** What is free stands under `default`: descriptions of pipes, stacks, streams and tables, and reading logs. */
  #priceOf(command: string, input: unknown, answer: unknown): number {
    const { dynamodbReadUnits, s3Reads, s3Writes, sqsRequests } = this.#prices;
    switch (command) {
      case 'GetMetricDataCommand': {
        const queries = isJsonObject(input) ? input.MetricDataQueries : undefined;
        return Array.isArray(queries) ? queries.length * usdPerMetric : 0;
      }
      case 'GetMetricStatisticsCommand':
      case 'ListMetricsCommand':
      case 'DescribeAlarmsCommand':
      case 'DescribeAlarmHistoryCommand':
        return usdPerMetric;
      case 'ListObjectsV2Command':
        return s3Writes.usd / s3Writes.per;
      case 'GetObjectCommand':
      case 'HeadObjectCommand':
        return s3Reads.usd / s3Reads.per;
      case 'GetQueueAttributesCommand':
      case 'GetQueueUrlCommand':
      case 'ReceiveMessageCommand':
        return sqsRequests.usd / sqsRequests.per;
      case 'ScanCommand':
      case 'GetItemCommand':
      case 'BatchGetItemCommand':
      case 'QueryCommand':
        return (readUnitsOf(answer) * dynamodbReadUnits.usd) / dynamodbReadUnits.per;
      default:
        return 0;
    }
  }
}

/** A call that does not ask for its capacity counts as the smallest one. */
function readUnitsOf(answer: unknown): number {
  const consumed = isJsonObject(answer) ? answer.ConsumedCapacity : undefined;
  const units = isJsonObject(consumed) ? consumed.CapacityUnits : undefined;
  return typeof units === 'number' ? units : 0.5;
}

/** Every client's stack, whatever its input and output. */
interface AnyClient {
  readonly middlewareStack: { add(middleware: never, options: { step: 'initialize'; name: string }): void };
}

/** Lets a meter see the calls of these clients that succeed. */
export async function meterCalls(clients: AwsClients, meter: CallMeter): Promise<void> {
  const { cloudformation, dynamodb, firehose, kinesis, lambda, pipes, s3, sfn, sqs, sts } = clients;
  const { cloudwatch, logs } = await clients.observation();
  const metered: AnyClient[] = [cloudformation, dynamodb, firehose, kinesis, lambda, pipes, s3, sfn, sqs, sts];
  for (const client of [...metered, cloudwatch, logs]) meterClient(client, meter);
}

function meterClient({ middlewareStack }: AnyClient, meter: CallMeter): void {
  const middleware =
    <Args extends { input: object }, Result extends { output: object }>(
      next: (args: Args) => Promise<Result>,
      { commandName = '' }: { commandName?: string },
    ) =>
    async (args: Args): Promise<Result> => {
      const result = await next(args);
      meter.note(commandName, args.input, result.output);
      return result;
    };
  // The clients' stacks have no type in common.
  middlewareStack.add(middleware as never, { step: 'initialize', name: 'callMeter' });
}
