import type { RouteAnswer } from './gateway/gateway.ts';
import type { PipesService } from './pipes/service.ts';

/** What `GET /_status` is made of. */
export interface LocalStatusParts {
  readonly dataFolder: string;
  /** Of the disk that holds the data folder. */
  readonly freeBytes: number;
  /** Injected faults so far, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly pipes: Pick<PipesService, 'standings'>;
}

/** The answer of `GET /_status`: what no API of AWS tells. */
export async function localStatusAnswer(parts: LocalStatusParts): Promise<RouteAnswer> {
  const { dataFolder, freeBytes, faults } = parts;
  const pipes = (await parts.pipes.standings()).map((standing) =>
    'why' in standing ? { ...standing } : { ...standing, shards: standing.shards.map((shard) => ({ ...shard })) },
  );
  return { statusCode: 200, body: { dataFolder, freeBytes, faults: { ...faults }, pipes } };
}
