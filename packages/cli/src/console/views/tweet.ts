import type { Journey } from '@tweet-pipes/console/journey';
import { systemRandom } from '@tweet-pipes/kit/random';
import { traceTweet } from '../../trace/trace-tweet.ts';
import { notFound } from '../api-error.ts';
import type { ConsoleContext } from '../console-context.ts';
import { deploymentOf } from './deployment.ts';

/** On AWS each consumer of a shard shares what can be read of it, so an hour of the stream is searched there. */
const sinceMsOnAws = 3_600_000;

/**
 * The journey of a tweet. Throws ApiError without the pipeline of tweets; what cannot
 * be read is in the journey.
 */
export async function readJourney(context: ConsoleContext, id: string): Promise<Journey> {
  const { clients, clock, place } = context;
  const { core, lake } = await deploymentOf(context);
  if (core === undefined) throw notFound('The pipeline of tweets is not deployed here, so no tweet can be traced.');
  return traceTweet(
    {
      ...{ clients, clock, random: systemRandom, stack: core, lakeBucket: lake?.LakeBucketName },
      sinceMs: place === 'aws' ? clock.now() - sinceMsOnAws : undefined,
      signal: new AbortController().signal,
      // What it read is in the journey.
      note() {},
    },
    id,
  );
}
