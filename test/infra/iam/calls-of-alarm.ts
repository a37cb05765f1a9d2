import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { type Call, callsOn, resourcesOf } from './call.ts';
import { administrator, deployment, returnValue } from './physical.ts';

const alarmSchema = z.object({ AlarmActions: z.array(z.string()) });

/** AWS: "Notifying users on alarm changes": CloudWatch publishes by itself, and needs the key of an encrypted topic. */
export function callsOfAlarms(template: SynthesizedTemplate): Call[] {
  const keys = resourcesOf(template, 'AWS::KMS::Key').map(([id]) => returnValue(template, id, 'Arn'));
  const cloudWatch = 'cloudwatch.amazonaws.com';
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(([id, properties]) => {
    const context = {
      'aws:SourceAccount': deployment.account,
      'aws:SourceArn': returnValue(template, id, 'Arn'),
    };
    return [
      ...alarmSchema.parse(properties).AlarmActions.flatMap((topic) => callsOn(id, cloudWatch, topic, ['sns:Publish'])),
      ...keys.flatMap((key) => callsOn(id, cloudWatch, key, ['kms:Decrypt', 'kms:GenerateDataKey'])),
    ].map((call) => ({ ...call, context }));
  });
  // AWS: "Default key policy": without this statement the key could never be changed or deleted.
  const management = keys.flatMap((key) => callsOn('the account', administrator, key, ['kms:ScheduleKeyDeletion']));
  return [...alarms, ...management];
}
