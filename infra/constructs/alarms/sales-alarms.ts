import type { ITable } from 'aws-cdk-lib/aws-dynamodb';

import type { Config } from '../../config.ts';
import type { OrderGenerator } from '../sales/order-generator.ts';
import { salesErrorMetricId, salesPrefixes } from '../sales/sales-bucket.ts';
import type { StreamPipe } from '../stream-pipe.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { onDeadLetters } from './on-dead-letters.ts';
import { pipeAlarms } from './pipe-alarms.ts';
import { orderSignals } from './pipe-signals.ts';
import { type StreamDeliverySignals, streamDeliveryAlarms } from './stream-delivery-alarms.ts';

/** What the alarms of the sales lake watch. */
export interface SalesSignals extends StreamDeliverySignals {
  orders: ITable;
  pipe: StreamPipe;
  /** Undefined for a table of one's own. */
  generator: OrderGenerator | undefined;
}

/** The alarms of the way from the table of orders to the rows of the lake. */
export function salesAlarms(
  { orders, pipe, generator, ...delivery }: SalesSignals,
  { lakeBufferSeconds }: Pick<Config, 'lakeBufferSeconds'>,
): AlarmDefinition[] {
  const signals = {
    ...delivery,
    name: 'Sales',
    errorPrefix: salesPrefixes.errors,
    errorMetricId: salesErrorMetricId,
    onErrors: 'repair the function or the writer of the stream, and put the records on the stream again.',
  };
  return [
    ...pipeAlarms(orderSignals(pipe, orders, delivery.stream)),
    ...streamDeliveryAlarms(signals, lakeBufferSeconds),
    ...(generator === undefined ? [] : [generatorFailed(generator)]),
  ];
}

/** Lambda invokes a run that fails twice more. */
function generatorFailed({ deadLetterQueue }: OrderGenerator): AlarmDefinition {
  return {
    name: 'GeneratorFailed',
    description:
      'A run that generates orders failed at each attempt, or could not be started. Read the error in the log group of the function, and delete the message.',
    ...onDeadLetters(deadLetterQueue),
  };
}
