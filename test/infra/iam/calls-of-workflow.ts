import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { assumes, type Call, callsOn, resourcesOf } from './call.ts';
import { arn, exportedTable, returnValue } from './physical.ts';

const workflowSchema = z.object({
  RoleArn: z.string(),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.string()),
  LoggingConfiguration: z.object({ Level: z.enum(['ALL', 'ERROR', 'FATAL']) }).optional(),
  TracingConfiguration: z.object({ Enabled: z.boolean() }),
});
interface State {
  Type: string;
  Resource?: string | undefined;
  Arguments?: unknown;
  ItemProcessor?: { States: Record<string, State> } | undefined;
}
const stateSchema: z.ZodType<State> = z.looseObject({
  Type: z.enum(['Task', 'Map', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail']),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  ItemProcessor: z
    .looseObject({
      get States() {
        return z.record(z.string(), stateSchema);
      },
    })
    .optional(),
});
const definitionSchema = z.looseObject({ States: z.record(z.string(), stateSchema) });

/** AWS: "Logging using CloudWatch Logs" of Step Functions; none of these actions has a resource. */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** AWS: "Trace Step Functions request data in AWS X-Ray"; none of these actions has a resource. */
const tracing = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

/** What each workflow calls: every Task of its definition, log delivery and tracing. Throws for an unknown Task. */
export function callsOfWorkflows(template: SynthesizedTemplate): Call[] {
  return resourcesOf(template, 'AWS::StepFunctions::StateMachine').flatMap(([id, properties]) => {
    const workflow = workflowSchema.parse(properties);
    const { States } = definitionSchema.parse(JSON.parse(workflow.DefinitionString));
    const by = workflow.RoleArn;
    const arnOf = (hole: string) => arnOfName(template, workflow.DefinitionSubstitutions[hole]);
    return [
      assumes(id, 'states', by, returnValue(template, id, 'Arn')),
      ...tasksIn(States).flatMap(({ name, task, within }) =>
        permissions(task, within, arnOf).map(({ action, resource }) => ({
          from: `${id} ${name}`,
          by,
          action,
          resource,
        })),
      ),
      ...(workflow.LoggingConfiguration === undefined ? [] : callsOn(`${id} logs`, by, '*', logDelivery)),
      ...(workflow.TracingConfiguration.Enabled ? callsOn(`${id} traces`, by, '*', tracing) : []),
    ];
  });
}

/** Every Task with its name and the outermost state that it is in. */
function tasksIn(states: Record<string, State>, outermost?: State): { name: string; task: State; within: State }[] {
  return Object.entries(states).flatMap(([name, state]) => {
    const within = outermost ?? state;
    const own = state.Type === 'Task' ? [{ name, task: state, within }] : [];
    return [...own, ...tasksIn(state.ItemProcessor?.States ?? {}, within)];
  });
}

interface Permission {
  action: string;
  resource: string;
}

/**
 * The permissions of one Task. Where its arguments come from the input, the tables are those that the states around it
 * name.
 */
function permissions(task: State, within: State, arnOf: (hole: string) => string): Permission[] {
  const written = textsIn(task.Arguments).join('\n');
  const around = textsIn(within).join('\n');
  const on = (action: string, holes: readonly (string | undefined)[]) => {
    if (holes.length === 0) throw new Error(`${task.Resource}: its resource is unknown`);
    return holes.map((hole = '') => ({ action, resource: arnOf(hole) }));
  };
  const named = (text: string, pattern: RegExp) => [
    ...new Set([...text.matchAll(pattern)].map(([, first, second]) => first ?? second)),
  ];
  const prefix = 'arn:aws:states:::';
  switch (task.Resource?.slice(prefix.length)) {
    case 'aws-sdk:dynamodb:updateItem':
      return on('dynamodb:UpdateItem', named(written, /^\$\{(\w+)\}$|'TableName': '\$\{(\w+)\}'/gm));
    case 'aws-sdk:dynamodb:getItem':
      return on('dynamodb:GetItem', named(written, /^\$\{(\w+)\}$/gm));
    case 'aws-sdk:dynamodb:batchGetItem':
      return on('dynamodb:BatchGetItem', named(around, /^\$\{(\w+)\}$|'\$\{(\w+)\}': /gm));
    case 'aws-sdk:dynamodb:batchExecuteStatement':
      return on('dynamodb:PartiQLInsert', named(written, /INSERT INTO "\$\{(\w+)\}"/g));
    case 'aws-sdk:dynamodb:transactWriteItems':
      return transaction(task.Arguments).flatMap(({ action, table }) => on(action, named(table, /\$\{(\w+)\}/g)));
    case 'aws-sdk:comprehend:batchDetectSentiment':
      return [{ action: 'comprehend:BatchDetectSentiment', resource: '*' }];
    case 'aws-sdk:kinesis:listShards':
      return on('kinesis:ListShards', named(written, /^\$\{(\w+)\}$/gm));
    case 'aws-sdk:s3:putObject': {
      const folders = named(around, /'((?:[\w-]+\/)+)'/g);
      return on('s3:PutObject', named(written, /'Bucket': '\$\{(\w+)\}'/g)).flatMap(({ action, resource }) =>
        folders.map((folder) => ({ action, resource: `${resource}/${folder}shardId-000000000000/49600000.json` })),
      );
    }
    default:
      throw new Error(`The proof does not know which permissions ${task.Resource} needs`);
  }
}

const onTable = z.looseObject({ TableName: z.string() }).optional();
const transactionSchema = z.object({
  TransactItems: z.array(z.strictObject({ Update: onTable, Put: onTable, Delete: onTable, ConditionCheck: onTable })),
});
const transactionActions = [
  ['Update', 'dynamodb:UpdateItem'],
  ['Put', 'dynamodb:PutItem'],
  ['Delete', 'dynamodb:DeleteItem'],
  ['ConditionCheck', 'dynamodb:ConditionCheckItem'],
] as const;

function transaction(argument: unknown): { action: string; table: string }[] {
  return transactionSchema.parse(argument).TransactItems.flatMap((item) =>
    transactionActions.flatMap(([kind, action]) => {
      const part = item[kind];
      return part === undefined ? [] : [{ action, table: part.TableName }];
    }),
  );
}

/** Every key and every text of a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)]);
}

/** The ARN of the stream, table or bucket with this physical name; the table of tweets may be of another stack. */
function arnOfName(template: SynthesizedTemplate, name: string | undefined): string {
  if (name === exportedTable) return arn('dynamodb', `table/${exportedTable}`);
  for (const type of ['AWS::Kinesis::Stream', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket']) {
    for (const [id] of resourcesOf(template, type)) {
      if (returnValue(template, id, 'Ref') === name) return returnValue(template, id, 'Arn');
    }
  }
  throw new Error(`No resource is named ${name}`);
}
