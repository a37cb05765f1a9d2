import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { type Call, callsOn, resourcesOf } from './call.ts';
import { arn } from './physical.ts';

const functionSchema = z.object({
  Role: z.string(),
  Environment: z.object({ Variables: z.object({ ORDER_TABLE: z.string() }) }),
  DeadLetterConfig: z.object({ TargetArn: z.string() }),
});

/** What the generator of orders writes: AWS, "Actions, resources, and condition keys for Amazon DynamoDB". */
export function callsOfGenerators(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const { data } = functionSchema.safeParse(properties);
    if (data === undefined) return [];
    const table = arn('dynamodb', `table/${data.Environment.Variables.ORDER_TABLE}`);
    return [
      ...callsOn(id, data.Role, table, ['dynamodb:PutItem', 'dynamodb:DeleteItem']),
      ...callsOn(id, data.Role, data.DeadLetterConfig.TargetArn, ['sqs:SendMessage']),
    ];
  });
}
