import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { DeadLetterQueue } from '../dead-letter-queue.ts';
import { NodeFunction } from '../node-function.ts';
import { addSchedule } from '../schedule.ts';

/** Where orders are written. */
export interface OrderGeneratorProps extends ConfiguredProps {
  orders: ITable;
}

/**
 * Generated orders: EventBridge Scheduler → Lambda function functions/generate-orders, each minute. The schedule is off
 * unless the options ask for changes. What fails at each attempt is a message in the queue.
 */
export class OrderGenerator extends Construct {
  readonly function: IFunction;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { orders, config }: OrderGeneratorProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { config });
    const { function: job } = new NodeFunction(this, 'GenerateOrders', {
      folder: 'generate-orders',
      description: 'Generates changes of orders.',
      timeout: Duration.minutes(1),
      environment: {
        ORDER_TABLE: orders.tableName,
        CHANGES_PER_MINUTE: String(config.salesRatePerMinute),
      },
      statements: [
        new PolicyStatement({ actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'], resources: [orders.tableArn] }),
      ],
      deadLetterQueue: this.deadLetterQueue,
      config,
    });
    this.function = job;
    addSchedule(this, {
      function: job,
      deadLetterQueue: this.deadLetterQueue,
      description: 'Generates the changes of a minute.',
      expression: 'rate(1 minute)',
      flexibleMinutes: 0,
      isEnabled: config.salesRatePerMinute > 0,
      input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      // A minute that was missed is not made up for.
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 3 },
    });
  }
}
