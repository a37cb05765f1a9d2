import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Template, TemplateResource } from '@tweet-pipes/local-aws/assembly/template';
import { resourceOf } from './named-resource.ts';

/** How the ingest pipe is to batch during a measurement. */
export interface MeasuringSetup {
  shards: number;
  batchSize: number;
  windowSeconds: number;
}

/**
 * The template of the pipeline's stack with this setup, whatever its options, and with an ingest pipe that waits until
 * it is started. Throws Error when it is another template.
 */
export function measuringTemplate(template: Template, setup: MeasuringSetup): Template {
  const Resources = {
    ...template.Resources,
    ...replaced(template, 'TweetStreamName', (stream) => withShards(stream, setup)),
    ...replaced(template, 'IngestPipeName', (pipe) => withBatches(pipe, setup)),
  };
  return { ...template, Resources };
}

function replaced(
  template: Template,
  output: string,
  change: (resource: TemplateResource) => TemplateResource,
): Template['Resources'] {
  const { id, resource } = resourceOf(template, output);
  return { [id]: change(resource) };
}

function withShards(resource: TemplateResource, { shards }: MeasuringSetup): TemplateResource {
  const { StreamModeDetails: _, ...others } = resource.Properties ?? {};
  return { ...resource, Properties: { ...others, ShardCount: shards } };
}

function withBatches(resource: TemplateResource, { batchSize, windowSeconds }: MeasuringSetup): TemplateResource {
  const { Properties = {} } = resource;
  const source = Properties.SourceParameters;
  if (!isJsonObject(source) || !isJsonObject(source.KinesisStreamParameters)) {
    throw new Error('The ingest pipe does not read a Kinesis stream.');
  }
  const limits = { BatchSize: batchSize, MaximumBatchingWindowInSeconds: windowSeconds };
  const KinesisStreamParameters = { ...source.KinesisStreamParameters, ...limits };
  return {
    ...resource,
    Properties: { ...Properties, DesiredState: 'STOPPED', SourceParameters: { ...source, KinesisStreamParameters } },
  };
}
