import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { readWorkflow } from '../executions/workflow.ts';
import { noStack } from '../stack/outputs.ts';
import { isOwnStack } from '../stack/own-stacks.ts';
import type { StackNames } from '../stack/stack-names.ts';
import { findResources, ofType } from '../status/resources.ts';
import { logGroupNameOf } from './log-group-name.ts';

/** What writes logs. `group`: a log group that belongs to none of the others. */
export type SourceKind = 'workflow' | 'pipe' | 'function' | 'delivery' | 'group';

/** A resource of the stacks, and where it logs. */
export interface LogSource {
  readonly kind: SourceKind;
  /** `TweetPipes-IngestPipeDCDEA606` */
  readonly name: string;
  /** A name for people: `Ingest`. */
  readonly label: string;
  /** Undefined when it logs nothing. */
  readonly logGroupName?: string;
  /** Of a delivery stream, whose group another one may share. */
  readonly logStreamName?: string;
  /** What its logs do not hold, and the option that changes it. */
  readonly gap?: Gap;
}

/** What logs leave out, and what adds it. */
export interface Gap {
  readonly what: string;
  /** The option of this project's stacks: `executionData=true`. Undefined for a stack of another app. */
  readonly option: string | undefined;
  /** The property of the template, with its value: `LoggingConfiguration.Level: ALL`. */
  readonly property: string;
}

/** Finds what logs in the stacks, and its log groups. Throws CliError when no stack is there, and the SDK's errors. */
export async function findLogSources(
  clients: AwsClients,
  stackNames: StackNames,
  endpoint: string | undefined,
): Promise<LogSource[]> {
  const stacks = await findResources({ clients, stacks: stackNames, endpoint });
  if (stacks.length === 0) throw noStack(stackNames.stack);
  const all = (type: string, read: (name: string, label: string) => Promise<LogSource>) =>
    Promise.all(
      stacks.flatMap((stack) =>
        ofType([stack], type).map(async ({ name, label }) => {
          const { gap, ...source } = await read(name, label);
          if (gap === undefined) return source;
          return { ...source, gap: isOwnStack(stack) ? gap : { ...gap, option: undefined } };
        }),
      ),
    );
  const found = await Promise.all([
    all('AWS::StepFunctions::StateMachine', (arn, label) => workflowSource(clients, arn, label)),
    all('AWS::Pipes::Pipe', (name, label) => pipeSource(clients, name, label)),
    all('AWS::Lambda::Function', (name, label) => functionSource(clients, name, label)),
    all('AWS::KinesisFirehose::DeliveryStream', (name, label) => deliverySource(clients, name, label)),
  ]);
  return found.flat();
}

async function workflowSource(clients: AwsClients, arn: string, label: string): Promise<LogSource> {
  const { name, level, hasData, logGroupName } = await readWorkflow(clients, arn);
  return {
    kind: 'workflow',
    name,
    label,
    ...(logGroupName !== undefined && { logGroupName }),
    ...workflowGap(level, hasData),
  };
}

function workflowGap(level: string, hasData: boolean): { gap?: Gap } {
  const more = { option: 'logLevel=ALL', property: 'LoggingConfiguration.Level: ALL' };
  if (level === 'OFF') return { gap: { what: 'logs nothing', ...more } };
  if (level !== 'ALL') return { gap: { what: `logs failures only (level ${level})`, ...more } };
  const data = { option: 'executionData=true', property: 'LoggingConfiguration.IncludeExecutionData: true' };
  return hasData ? {} : { gap: { what: 'logs no inputs and outputs of states', ...data } };
}

async function pipeSource(clients: AwsClients, name: string, label: string): Promise<LogSource> {
  const { LogConfiguration: log } = await clients.pipes.send(new DescribePipeCommand({ Name: name }));
  const group = log?.CloudwatchLogsLogDestination?.LogGroupArn;
  const level = group === undefined ? 'OFF' : (log?.Level ?? 'OFF');
  const what = level === 'OFF' ? 'logs nothing' : `logs failures only (level ${level})`;
  return {
    ...{ kind: 'pipe', name, label },
    ...(group !== undefined && { logGroupName: logGroupNameOf(group) }),
    ...((level === 'OFF' || level === 'ERROR') && {
      gap: { what, option: 'pipeLogLevel=INFO', property: 'LogConfiguration.Level: INFO' },
    }),
  };
}

async function functionSource(clients: AwsClients, name: string, label: string): Promise<LogSource> {
  const { LoggingConfig } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return { kind: 'function', name, label, logGroupName: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}` };
}

async function deliverySource(clients: AwsClients, name: string, label: string): Promise<LogSource> {
  const { DeliveryStreamDescription: description } = await clients.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  );
  const options = description?.Destinations?.[0]?.ExtendedS3DestinationDescription?.CloudWatchLoggingOptions;
  const { Enabled, LogGroupName: logGroupName, LogStreamName: logStreamName } = options ?? {};
  const isLogged = Enabled === true && logGroupName !== undefined && logStreamName !== undefined;
  return { kind: 'delivery', name, label, ...(isLogged && { logGroupName, logStreamName }) };
}
