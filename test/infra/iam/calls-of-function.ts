import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, logs, resourcesOf } from './call.ts';
import { arn } from './physical.ts';

const functionSchema = z.object({ Role: z.string(), LoggingConfig: z.object({ LogGroup: z.string() }) });

/** AWS: "Sending Lambda function logs to CloudWatch Logs". The group exists, so it is not created. */
export function callsOfFunctions(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const { Role, LoggingConfig } = functionSchema.parse(properties);
    const group = `${arn('logs', `log-group:${LoggingConfig.LogGroup}`)}:*`;
    return [
      { ...assumes(id, 'lambda', Role, ''), context: {} },
      ...logs(`${id} log`, Role, group, ['logs:CreateLogStream', 'logs:PutLogEvents']),
    ];
  });
}
