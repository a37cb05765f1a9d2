import { type Metric, type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { parseJsonObject } from '../gateway/protocols/json.ts';

/** A queue, as far as its metrics need it. */
export interface MeasuredQueue {
  readonly name: string;
  getAttribute(name: string): string | undefined;
}

const depths = {
  ApproximateNumberOfMessagesVisible: 'ApproximateNumberOfMessages',
  ApproximateNumberOfMessagesNotVisible: 'ApproximateNumberOfMessagesNotVisible',
  ApproximateNumberOfMessagesDelayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

/** What a call tells of: the metric, and the member of the answer with one element for each message. */
const calls: Readonly<Record<string, { metric: string; list?: string }>> = {
  SendMessage: { metric: 'NumberOfMessagesSent' },
  SendMessageBatch: { metric: 'NumberOfMessagesSent', list: 'Successful' },
  ReceiveMessage: { metric: 'NumberOfMessagesReceived', list: 'Messages' },
  DeleteMessage: { metric: 'NumberOfMessagesDeleted' },
  DeleteMessageBatch: { metric: 'NumberOfMessagesDeleted', list: 'Successful' },
};

/**
 * The metrics of queues:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class QueueMetrics {
  readonly #delivery: MetricDelivery;
  readonly #metrics = new Map<string, Metric>();

  constructor(delivery: MetricDelivery = noMetricDelivery) {
    this.#delivery = delivery;
  }

  /** Tells how many messages there are. */
  measure(queue: MeasuredQueue): void {
    for (const [metric, attribute] of Object.entries(depths)) {
      this.#metric(queue.name, metric).add(Number(queue.getAttribute(attribute) ?? 0));
    }
  }

  /** Counts the messages of a call that succeeded. */
  count(operation: string, queueUrl: string, answer: Buffer): void {
    const call = calls[operation];
    if (call === undefined) return;
    const queueName = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
    const messages = call.list === undefined ? 1 : elementsOf(answer, call.list);
    if (messages > 0) this.#metric(queueName, call.metric).add(messages);
    else if (operation === 'ReceiveMessage') this.#metric(queueName, 'NumberOfEmptyReceives').add(1);
  }

  #metric(QueueName: string, metricName: string): Metric {
    const key = `${QueueName} ${metricName}`;
    const found = this.#metrics.get(key);
    if (found !== undefined) return found;
    const identity = { namespace: 'AWS/SQS', metricName, dimensions: { QueueName }, unit: 'Count' };
    const metric = this.#delivery.metric(identity);
    this.#metrics.set(key, metric);
    return metric;
  }
}

function elementsOf(answer: Buffer, list: string): number {
  const elements = parseJsonObject(answer)[list];
  return Array.isArray(elements) ? elements.length : 0;
}
