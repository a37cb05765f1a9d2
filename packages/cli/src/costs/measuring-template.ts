import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Template, TemplateResource } from '@tweet-pipes/local-aws/assembly/template';

/** How the ingest pipe is to batch during a measurement. */
export interface MeasuringSetup {
  shards: number;
  batchSize: number;
  windowSeconds: number;
}

/**
 * The template with this setup, whatever its options, and with an ingest pipe that waits until it is started.
 */
export function measuringTemplate(template: Template, setup: MeasuringSetup): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => [id, changed(resource, setup)] as const);
  return { ...template, Resources: Object.fromEntries(resources) };
}

function changed(resource: TemplateResource, { shards, batchSize, windowSeconds }: MeasuringSetup): TemplateResource {
  const { Type, Properties = {} } = resource;
  if (Type === 'AWS::Kinesis::Stream') {
    const { StreamModeDetails: _, ...others } = Properties;
    return { ...resource, Properties: { ...others, ShardCount: shards } };
  }
  const source = Properties.SourceParameters;
  if (Type !== 'AWS::Pipes::Pipe' || !isJsonObject(source) || !isJsonObject(source.KinesisStreamParameters)) {
    return resource;
  }
  const limits = { BatchSize: batchSize, MaximumBatchingWindowInSeconds: windowSeconds };
  const KinesisStreamParameters = { ...source.KinesisStreamParameters, ...limits };
  return {
    ...resource,
    Properties: { ...Properties, DesiredState: 'STOPPED', SourceParameters: { ...source, KinesisStreamParameters } },
  };
}
