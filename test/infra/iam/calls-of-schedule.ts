import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, resourcesOf } from './call.ts';
import { arn } from './physical.ts';

const scheduleSchema = z.object({
  GroupName: z.string(),
  Target: z.object({ Arn: z.string(), RoleArn: z.string(), DeadLetterConfig: z.object({ Arn: z.string() }) }),
});

/** What EventBridge Scheduler calls for each schedule: function and dead-letter queue. */
export function callsOfSchedules(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Scheduler::Schedule').flatMap(([id, properties]) => {
    const { GroupName, Target } = scheduleSchema.parse(properties);
    return [
      assumes(id, 'scheduler', Target.RoleArn, arn('scheduler', `schedule-group/${GroupName}`)),
      ...callsOn(id, Target.RoleArn, Target.Arn, ['lambda:InvokeFunction']),
      ...callsOn(id, Target.RoleArn, Target.DeadLetterConfig.Arn, ['sqs:SendMessage']),
    ];
  });
}
