import { transformationHandler } from '../transformation/transformation-handler.ts';
import { flattenTweet } from './flatten-tweet.ts';

/** The transformation of the lake's delivery stream: takes records of the stream of tweets, returns rows. */
export const handler = transformationHandler(flattenTweet);
