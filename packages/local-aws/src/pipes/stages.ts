import type { Connections } from './connections.ts';
import type { PipeDefinition } from './definition.ts';
import type { Stages } from './execution.ts';

/** The stages of a pipe after its source, as its definition has them. */
export function stagesOf(
  definition: PipeDefinition,
  connections: Connections,
): Pick<Stages, 'enrichment' | 'target' | 'variables'> {
  const { enrichment, target } = definition;
  const call = connections.enrichment(definition);
  return {
    ...(call === undefined ? {} : { enrichment: { call, template: enrichment?.template } }),
    target: { call: connections.target(definition), template: target.template },
    variables: {
      'aws.pipes.pipe-arn': definition.arn,
      'aws.pipes.pipe-name': definition.name,
      'aws.pipes.source-arn': definition.source.arn,
      'aws.pipes.enrichment-arn': enrichment?.arn ?? '',
      'aws.pipes.target-arn': target.arn,
    },
  };
}
