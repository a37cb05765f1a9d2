import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { ServiceRole } from './service-role.ts';

/** What is run, and when. */
export interface ScheduleProps {
  function: IFunction;
  /** Gets what could not be invoked. */
  deadLetterQueue: DeadLetterQueue;
  description: string;
  /** `rate(1 hour)` */
  expression: string;
  /** How much later a run may begin; minutes, 0 for none. */
  flexibleMinutes: number;
  retryPolicy: CfnSchedule.RetryPolicyProperty;
  /** What the function gets; by default the event of EventBridge Scheduler. */
  input?: string;
  /** Default true. */
  isEnabled?: boolean;
}

/** Lets EventBridge Scheduler invoke a function, with a role and a group of its own within the construct. */
export function addSchedule(scope: Construct, props: ScheduleProps): void {
  const { function: job, deadLetterQueue, description, expression, flexibleMinutes, retryPolicy, input } = props;
  const stack = Stack.of(scope);
  const group = new CfnScheduleGroup(scope, 'Group');
  const scheduler = new ServiceRole(scope, 'SchedulerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com').withConditions({
      StringEquals: {
        'aws:SourceAccount': stack.account,
        // AWS: "Confused deputy prevention in EventBridge Scheduler": the ARN of the group, not of the schedule.
        'aws:SourceArn': stack.formatArn({
          service: 'scheduler',
          resource: 'schedule-group',
          resourceName: group.ref,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      },
    }),
    statements: [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [job.functionArn] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    ],
  });
  new CfnSchedule(scope, 'Schedule', {
    description,
    groupName: group.ref,
    scheduleExpression: expression,
    flexibleTimeWindow:
      flexibleMinutes === 0 ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes },
    ...(props.isEnabled === false ? { state: 'DISABLED' } : {}),
    target: {
      arn: job.functionArn,
      roleArn: scheduler.roleArn,
      ...(input === undefined ? {} : { input }),
      retryPolicy,
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
    },
  });
}
