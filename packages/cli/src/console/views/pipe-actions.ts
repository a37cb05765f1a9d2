import {
  DescribePipeCommand,
  type DescribePipeCommandOutput,
  StartPipeCommand,
  StopPipeCommand,
} from '@aws-sdk/client-pipes';
import type { PipeDetail, PipeOrder } from '@tweet-pipes/console/views/pipes/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { notFound } from '../api-error.ts';
import type { Deployment } from './deployment.ts';

/** The pipes of the stacks as they are now. Throws the SDK's error. */
export function describePipes(
  { pipes: client }: Pick<AwsClients, 'pipes'>,
  { pipes }: Deployment,
): Promise<PipeDetail[]> {
  return Promise.all(
    [...pipes].map(async ([title, name]) =>
      detailOf(title, await client.send(new DescribePipeCommand({ Name: name }))),
    ),
  );
}

/**
 * Starts or stops a pipe of the stacks. Resolves when AWS has taken the order; the pipe needs up to two minutes there.
 * An order that is being carried out already is no error. Throws ApiError for another pipe.
 */
export async function changePipe(
  { pipes: client }: Pick<AwsClients, 'pipes'>,
  { pipes }: Deployment,
  { name, action }: PipeOrder,
): Promise<void> {
  if (![...pipes.values()].includes(name)) {
    throw notFound(`There is no pipe ${JSON.stringify(name)} in the stacks of this page.`);
  }
  const order = action === 'start' ? new StartPipeCommand({ Name: name }) : new StopPipeCommand({ Name: name });
  await client.send(order).catch((error: unknown) => {
    if (!isNamed(error, 'ConflictException')) throw error;
  });
}

function detailOf(output: string, pipe: DescribePipeCommandOutput): PipeDetail {
  const { KinesisStreamParameters: kinesis, DynamoDBStreamParameters: table } = pipe.SourceParameters ?? {};
  const { DeadLetterConfig, ...settings } = kinesis ?? table ?? {};
  const filters = pipe.SourceParameters?.FilterCriteria?.Filters?.flatMap(({ Pattern }) => Pattern ?? []) ?? [];
  const shown = Object.entries(settings).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [{ name, value: String(value) }] : [],
  );
  return {
    name: pipe.Name ?? '',
    title: words(output),
    state: pipe.CurrentState ?? 'UNKNOWN',
    desired: pipe.DesiredState ?? 'UNKNOWN',
    reason: pipe.StateReason ?? null,
    description: pipe.Description ?? '',
    source: pipe.Source ?? '',
    enrichment: pipe.Enrichment ?? null,
    target: pipe.Target ?? '',
    deadLetterQueue: DeadLetterConfig?.Arn ?? null,
    settings: [
      ...shown,
      ...filters.map((pattern) => ({ name: 'Filter', value: pattern })),
      { name: 'Log level', value: pipe.LogConfiguration?.Level ?? 'OFF' },
    ],
  };
}

/** `TweetArchive` becomes `Tweet archive`. */
export function words(name: string): string {
  const text = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
