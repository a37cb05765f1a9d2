import type { RouteAnswer } from './gateway/gateway.ts';
import type { Denials } from './iam/authorization/denials.ts';
import type { PipesService } from './pipes/service.ts';

/** What `GET /_status` is made of. */
export interface LocalStatusParts {
  readonly dataFolder: string;
  /** Of the disk that holds the data folder. */
  readonly freeBytes: number;
  /** Injected faults so far, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** What the policies denied in the last 15 minutes. */
  readonly denials: Pick<Denials, 'list'>;
  readonly pipes: Pick<PipesService, 'standings'>;
}

/** The answer of `GET /_status`: what no API of AWS tells. */
export async function localStatusAnswer(parts: LocalStatusParts): Promise<RouteAnswer> {
  const { dataFolder, freeBytes, faults } = parts;
  const pipes = (await parts.pipes.standings()).map((standing) =>
    'why' in standing ? { ...standing } : { ...standing, shards: standing.shards.map((shard) => ({ ...shard })) },
  );
  const denials = parts.denials.list.map(({ lastMs, ...denial }) => ({
    ...denial,
    lastAt: new Date(lastMs).toISOString(),
  }));
  return { statusCode: 200, body: { dataFolder, freeBytes, faults: { ...faults }, denials, pipes } };
}
