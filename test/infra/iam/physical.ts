import type { SynthesizedTemplate } from '../synthesis.ts';

/** The deployment that the proof assumes. */
export const deployment = { partition: 'aws', region: 'eu-central-1', account: '111122223333' } as const;

/** A role outside the stack that may do everything. */
export const administrator = `arn:aws:iam::${deployment.account}:role/Administrator`;

const pseudoParameters: Record<string, string> = {
  'AWS::Partition': deployment.partition,
  'AWS::Region': deployment.region,
  'AWS::AccountId': deployment.account,
};

/** The name of the table of tweets, where another stack imports it. */
export const exportedTable = 'TweetTable';

/** What the stack `TweetPipes` exports. */
const exportedValues: Record<string, string> = {
  'TweetPipes-TweetStreamName': 'TweetStream',
  'TweetPipes-TweetTableName': exportedTable,
  'TweetPipes-TweetTableStreamArn': arn('dynamodb', `table/${exportedTable}/stream/2026-11-20T00:00:00.000`),
  'TweetPipes-DeletionTableName': 'Deletions',
  'TweetPipes-ArchiveBucketName': 'archivebucket',
  'TweetPipes-AlarmTopicArn': `arn:${deployment.partition}:sns:${deployment.region}:${deployment.account}:AlarmTopic`,
};

/**
 * What `Ref` and `Fn::GetAtt` give for a resource, by type: documented under "Return values" of each CloudFormation
 * resource.
 */
const returnValues: Record<string, (name: string) => { Ref: string } & Record<string, string>> = {
  'AWS::Kinesis::Stream': (name) => ({ Ref: name, Arn: arn('kinesis', `stream/${name}`) }),
  'AWS::DynamoDB::Table': (name) => ({
    Ref: name,
    Arn: arn('dynamodb', `table/${name}`),
    StreamArn: arn('dynamodb', `table/${name}/stream/2026-11-20T00:00:00.000`),
  }),
  'AWS::S3::Bucket': (name) => ({ Ref: name.toLowerCase(), Arn: `arn:aws:s3:::${name.toLowerCase()}` }),
  'AWS::SQS::Queue': (name) => ({ Ref: `https://${name}`, QueueName: name, Arn: arn('sqs', name) }),
  'AWS::Logs::LogGroup': (name) => ({ Ref: name, Arn: `${arn('logs', `log-group:${name}`)}:*` }),
  'AWS::Logs::LogStream': (name) => ({ Ref: name }),
  'AWS::StepFunctions::StateMachine': (name) => {
    const stateMachineArn = arn('states', `stateMachine:${name}`);
    return { Ref: stateMachineArn, Arn: stateMachineArn, Name: name };
  },
  'AWS::Lambda::Function': (name) => ({ Ref: name, Arn: arn('lambda', `function:${name}`) }),
  'AWS::KinesisFirehose::DeliveryStream': (name) => ({ Ref: name, Arn: arn('firehose', `deliverystream/${name}`) }),
  'AWS::Pipes::Pipe': (name) => ({ Ref: name, Arn: arn('pipes', `pipe/${name}`) }),
  'AWS::IAM::Role': (name) => ({ Ref: name, Arn: `arn:aws:iam::${deployment.account}:role/${name}` }),
  'AWS::KMS::Key': (name) => ({ Ref: name, Arn: arn('kms', `key/${name}`) }),
  'AWS::SNS::Topic': (name) => ({ Ref: arn('sns', name) }),
  'AWS::Logs::MetricFilter': (name) => ({ Ref: name }),
  'AWS::Glue::Database': (name) => ({ Ref: name.toLowerCase() }),
  'AWS::Glue::Table': (name) => ({ Ref: name.toLowerCase() }),
  'AWS::Glue::Crawler': (name) => ({ Ref: name }),
  'AWS::Scheduler::ScheduleGroup': (name) => ({ Ref: name, Arn: arn('scheduler', `schedule-group/${name}`) }),
  'AWS::Scheduler::Schedule': (name) => ({ Ref: name }),
  'AWS::Athena::WorkGroup': (name) => ({ Ref: name }),
  'AWS::CloudWatch::Alarm': (name) => ({ Ref: name, Arn: arn('cloudwatch', `alarm:${name}`) }),
};

/** The ARN of a resource in the account and region of the deployment. */
export function arn(service: string, resource: string): string {
  return `arn:${deployment.partition}:${service}:${deployment.region}:${deployment.account}:${resource}`;
}

/**
 * The value of an attribute of a resource after deployment; `Ref` is the reference itself. Throws for a type or
 * attribute that is not in the table above.
 */
export function returnValue(template: SynthesizedTemplate, logicalId: string, attribute: string): string {
  const resource = template.Resources[logicalId];
  const logGroupName = resource?.Properties.LogGroupName;
  const name = resource?.Type === 'AWS::Logs::LogGroup' && typeof logGroupName === 'string' ? logGroupName : logicalId;
  const value = returnValues[resource?.Type ?? '']?.(name)[attribute];
  if (value === undefined) throw new Error(`Unknown: ${attribute} of ${logicalId}, ${resource?.Type}`);
  return value;
}

/** The template with every intrinsic function replaced by its value after deployment. */
export function deployed(template: SynthesizedTemplate): SynthesizedTemplate {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [
      id,
      { ...resource, Properties: asRecord(resolve(template, resource.Properties)) },
    ]),
  );
  return { ...template, Resources };
}

function resolve(template: SynthesizedTemplate, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(template, element));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === 'Ref') return pseudoParameters[String(argument)] ?? returnValue(template, String(argument), 'Ref');
    if (key === 'Fn::ImportValue') return exportedValue(String(argument));
    if (key === 'Fn::GetAtt' && Array.isArray(argument)) return returnValue(template, argument[0], argument[1]);
    if (key === 'Fn::Join' && Array.isArray(argument))
      return argument[1].map((part: unknown) => resolve(template, part)).join(argument[0]);
    if (key === 'Fn::Split' && Array.isArray(argument))
      return String(resolve(template, argument[1])).split(argument[0]);
    if (key === 'Fn::Select' && Array.isArray(argument))
      return asList(resolve(template, argument[1]))[Number(argument[0])];
    if (key === 'Fn::Sub' && typeof argument === 'string') {
      return argument.replace(
        /\$\{([\w:]+)\}/g,
        (_, name) => pseudoParameters[name] ?? returnValue(template, name, 'Ref'),
      );
    }
    if (key.startsWith('Fn::')) throw new Error(`Unknown function ${key}`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(template, part)]));
}

function exportedValue(name: string): string {
  const value = exportedValues[name];
  if (value === undefined) throw new Error(`TweetPipes exports no ${name}`);
  return value;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
