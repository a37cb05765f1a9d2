import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { unmetered } from '../meter/meter.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { bisect } from './batcher.ts';
import { sdkConnections } from './connections.ts';
import { parsePipeDefinition } from './definition.ts';
import { execute } from './execution.ts';
import type { RecordFilter } from './filter/record-filter.ts';
import { PipeLog } from './log.ts';
import type { StreamRecord } from './sources/record.ts';
import { stagesOf } from './stages.ts';

/** Delivers records that a pipe has given up, as the pipe would. */
export interface Redelivery {
  /** Whether the pipe's filter keeps the record. */
  readonly filter: RecordFilter;
  /** Records of one batch at most. */
  readonly batchSize: number;
  /**
   * Sends a batch through enrichment and target once. A batch that fails is halved, down to the record that fails
   * alone. Throws `DeliveryFailure`; what was delivered before may come twice when it is tried again.
   */
  deliver(batch: readonly StreamRecord[], signal: AbortSignal): Promise<void>;
}

/** The members of DescribePipe's answer that say how a pipe delivers. */
export interface DescribedDelivery {
  readonly Name?: string | undefined;
  readonly Arn?: string | undefined;
  readonly RoleArn?: string | undefined;
  readonly Source?: string | undefined;
  readonly SourceParameters?: object | undefined;
  readonly Enrichment?: string | undefined;
  readonly EnrichmentParameters?: object | undefined;
  readonly Target?: string | undefined;
  readonly TargetParameters?: object | undefined;
}

/**
 * Makes a pipe's own delivery from the answer of DescribePipe, on AWS or here. The calls are those of the clients'
 * owner, not of the pipe's role. Throws ValidationException for a pipe that the local runtime would not run.
 */
export function redelivery(
  { Arn = '', Name, RoleArn, Source, Target, ...pipe }: DescribedDelivery,
  options: { clients: AwsClients } & Pick<RuntimeContext, 'clock' | 'random'>,
): Redelivery {
  const [, , , region = '', accountId = ''] = Arn.split(':');
  const { SourceParameters, Enrichment, EnrichmentParameters, TargetParameters } = pipe;
  const stated = { SourceParameters, Enrichment, EnrichmentParameters, TargetParameters };
  const definition = parsePipeDefinition({ Name, RoleArn, Source, Target, ...stated }, { region, accountId });
  const { clients, clock, random } = options;
  const stages = {
    ...stagesOf(definition, sdkConnections({ clients: () => clients, clock, random, region })),
    clock,
    random,
    log: new PipeLog({ resourceArn: Arn, level: 'OFF', includeExecutionData: false }),
    meter: unmetered,
  };
  const deliver = async (batch: readonly StreamRecord[], signal: AbortSignal): Promise<void> => {
    const outcome = await execute(batch, stages, signal);
    if (outcome.result === 'succeeded') return;
    if (outcome.failure.kind !== 'customer' || batch.length < 2) throw outcome.failure;
    for (const half of bisect(batch)) await deliver(half, signal);
  };
  return { filter: definition.filter, batchSize: definition.source.batchSize, deliver };
}
