import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import type { AlarmDefinition } from './alarm-definition.ts';

/** Creates the alarm, which tells the topic when it goes off. */
export function addAlarm(scope: Construct, definition: AlarmDefinition, topic: ITopic): Alarm {
  const { name, description, metric, threshold = 1, patience } = definition;
  const alarm = new Alarm(scope, name, {
    alarmDescription: `${description} Steps: docs/runbook.md, "${name}".`,
    metric,
    threshold,
    evaluationPeriods: patience.evaluationPeriods,
    datapointsToAlarm: patience.datapointsToAlarm,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
