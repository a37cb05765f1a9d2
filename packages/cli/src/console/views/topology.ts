import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import type { Lane, Stage } from '@tweet-pipes/console/views/pipeline/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Deployment } from './deployment.ts';
import { words } from './pipe-actions.ts';

type Clients = Pick<AwsClients, 'firehose' | 'pipes'>;

/**
 * How the resources of the stacks hang together, a lane for each way that data takes. Pipes and delivery streams say it
 * themselves, so it needs no template. Throws the SDK's error.
 */
export async function readLanes(clients: Clients, deployment: Deployment): Promise<Lane[]> {
  const { core, lake, sales, pipes } = deployment;
  const lanes: Lane[] = [];
  if (core !== undefined) {
    const ingest = await pipeStages(clients, 'Ingest', core.IngestPipeName);
    lanes.push({ title: 'Count tweets', stages: [producer, ...ingest, ...tablesOf(core), quarantineOf(core)] });
  }
  for (const [output, name] of pipes) {
    if (name === core?.IngestPipeName || output === 'Order') continue;
    const title = output === 'Sentiment' ? 'Sentiment of tweets' : `Archive ${archived(output)} that are removed`;
    lanes.push({ title, stages: await pipeStages(clients, output, name) });
  }
  if (lake !== undefined) {
    const stages = await deliveryStages(clients, lake.LakeDeliveryStreamName, true);
    lanes.push({ title: 'Lake of tweets', stages: [...stages, queries(lake.WorkGroupName)] });
  }
  if (sales !== undefined) {
    const pipe = await pipeStages(clients, 'Order', sales.OrderPipeName);
    const stages = await deliveryStages(clients, sales.SalesDeliveryStreamName, false);
    lanes.push({ title: 'Lake of sales', stages: [...pipe, ...stages, queries(sales.SalesWorkGroupName)] });
  }
  return lanes.map(({ title, stages }) => ({ title, stages: stages.map((stage) => entitled(stage, deployment)) }));
}

/** What the tables and streams of the stacks are called. */
function entitled(stage: Stage, { core, sales }: Deployment): Stage {
  const titles = new Map([
    [core?.TweetStreamName, 'Stream of tweets'],
    [core?.TweetTableName, 'Tweets'],
    [core?.HashtagTableName, 'Counters of hashtags'],
    [sales?.OrderTableName, 'Orders'],
    [sales?.SalesStreamName, 'Stream of changes'],
  ]);
  return { ...stage, title: titles.get(stage.name) ?? stage.title };
}

const producer: Stage = { kind: 'producer', title: 'Producer', name: '' };

function archived(output: string): string {
  return `${output.replace(/Archive$/, '').toLowerCase()}s`;
}

function tablesOf({ HashtagTableName, TweetTableName, DeletionTableName }: NonNullable<Deployment['core']>): Stage[] {
  return [
    { kind: 'table', title: 'Tweets', name: TweetTableName },
    { kind: 'table', title: 'Counters of hashtags', name: HashtagTableName, isBeside: true },
    { kind: 'table', title: 'Tombstones', name: DeletionTableName, isBeside: true },
  ];
}

function quarantineOf({ ArchiveBucketName }: NonNullable<Deployment['core']>): Stage {
  return { kind: 'quarantine', title: 'Quarantine', name: `${ArchiveBucketName}/quarantine/`, isBeside: true };
}

function queries(workGroup: string): Stage {
  return { kind: 'queries', title: 'Queries', name: workGroup, isBeside: true };
}

/** Source, pipe, enrichment and target; of a Firehose also what comes behind it. */
async function pipeStages(clients: Clients, output: string, name: string): Promise<Stage[]> {
  const { Source = '', Enrichment, Target = '' } = await clients.pipes.send(new DescribePipeCommand({ Name: name }));
  const pipe: Stage = { kind: 'pipe', title: `${words(output)} pipe`, name };
  const enrichment = Enrichment === undefined ? [] : [stageOf(Enrichment)];
  const target = /:firehose:/.test(Target) ? await deliveryStages(clients, nameIn(Target), false) : [stageOf(Target)];
  return [stageOf(Source), pipe, ...enrichment, ...target];
}

/** Firehose, its function and its folder; with `withSource` also the stream that it reads. */
async function deliveryStages({ firehose }: Clients, name: string, withSource: boolean): Promise<Stage[]> {
  const { DeliveryStreamDescription: described } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  );
  const source = described?.Source?.KinesisStreamSourceDescription?.KinesisStreamARN;
  const [{ ExtendedS3DestinationDescription: destination } = {}] = described?.Destinations ?? [];
  const processors = destination?.ProcessingConfiguration?.Processors ?? [];
  const functions = processors.flatMap(({ Parameters = [] }) =>
    Parameters.flatMap(({ ParameterName, ParameterValue = '' }) =>
      ParameterName === 'LambdaArn' ? [stageOf(ParameterValue)] : [],
    ),
  );
  // `deleted/tweets/!{timestamp:yyyy/MM/dd/HH}/`
  const [prefix = ''] = (destination?.Prefix ?? '').split('!{');
  const bucket = (destination?.BucketARN ?? '').split(':').at(-1);
  return [
    ...(withSource && source !== undefined ? [stageOf(source)] : []),
    { kind: 'delivery', title: 'Firehose', name },
    ...functions,
    { kind: 'bucket', title: `S3, ${prefix}`, name: `${bucket}/${prefix}` },
  ];
}

/** The stage that an ARN names. */
function stageOf(arn: string): Stage {
  const [, , service] = arn.split(':');
  switch (service) {
    case 'kinesis':
      return { kind: 'stream', title: 'Stream', name: nameIn(arn) };
    case 'dynamodb':
      return { kind: 'table', title: 'Table', name: arn.split('/')[1] ?? arn };
    case 'states':
      return { kind: 'workflow', title: 'Workflow', name: arn };
    case 'lambda':
      return functionStage(arn.split(':')[6] ?? arn);
    default:
      return { kind: 'delivery', title: service ?? arn, name: nameIn(arn) };
  }
}

/** `TweetPipes-FlattenRemovalsFunction9FFD3BFA` and what AWS appends: `Flatten removals`. */
function functionStage(name: string): Stage {
  const [, title = 'Function'] = /^[^-]+-(.+?)(?:Function)?[0-9A-F]{8}(?:-|$)/.exec(name) ?? [];
  return { kind: 'function', title: words(title), name };
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
