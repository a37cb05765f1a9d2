import { hasAtMost, recordBounds } from '@tweet-pipes/kit/record-bounds';
import * as z from 'zod';
import { tweetIdOf } from '../tweet-id.ts';

const atMost = (codePoints: number) => (text: string) => hasAtMost(text, codePoints);

/** Text that the workflow accepts: a lone surrogate cannot be stored. */
const textSchema = z.string().refine((text) => text.isWellFormed(), 'lone-surrogate');
const idSchema = textSchema.min(1).refine(atMost(recordBounds.idLength));
const wordSchema = textSchema.min(1, 'hashtag-empty').refine(atMost(recordBounds.hashtagLength), 'hashtag-too-long');
const hashtagSchema = z.union([z.object({ text: wordSchema }), z.object({ tag: wordSchema })]);
type Hashtag = z.output<typeof hashtagSchema>;
const fold = (hashtag: Hashtag) => ('text' in hashtag ? hashtag.text : hashtag.tag).toLowerCase();
const hasFewEnough = (hashtags: readonly Hashtag[]) =>
  hashtags.length <= recordBounds.hashtags || new Set(hashtags.map(fold)).size <= recordBounds.hashtags;
const entitiesSchema = z.object({
  hashtags: z
    .array(hashtagSchema)
    .max(recordBounds.listedHashtags, 'too-many-hashtags')
    .refine(hasFewEnough, 'too-many-hashtags')
    .nullish(),
});
/** Where a tweet can have its text and its entities. */
const contentShape = {
  extended_tweet: z.object({ full_text: textSchema.nullish(), entities: entitiesSchema.nullish() }).nullish(),
  note_tweet: z.object({ text: textSchema.nullish(), entities: entitiesSchema.nullish() }).nullish(),
  full_text: textSchema.nullish(),
  text: textSchema.nullish(),
  entities: entitiesSchema.nullish(),
};

/**
 * The attributes of a tweet that the workflow reads, in any shape, with the types that it accepts. The rest is
 * stripped. The numeric `id` of v1.1 is not read.
 */
export const bodySchema = z.object({
  edit_history_tweet_ids: z.unknown().optional(),
  id_str: z.unknown().optional(),
  id: z.unknown().optional(),
  created_at: textSchema.nullish(),
  lang: textSchema.nullish(),
  author_id: textSchema.nullish(),
  user: z.object({ id_str: textSchema.nullish(), screen_name: textSchema.nullish() }).nullish(),
  referenced_tweets: z.array(z.object({ type: z.string(), id: z.string() })).nullish(),
  retweeted_status: z.object(contentShape).nullish(),
  ...contentShape,
});

/** The objects that a v2 tweet refers to. */
export const includesSchema = z
  .object({
    tweets: z.array(z.object({ id: z.string(), ...contentShape })).nullish(),
    users: z.array(z.object({ id: z.string(), username: textSchema.nullish() })).nullish(),
  })
  .nullish();

/** A delete notice as the workflow accepts it. */
export const deleteNoticeSchema = z.object({ delete: z.object({ status: z.object({ id_str: idSchema }) }) });

/** A tweet without its envelope. */
export type Body = z.output<typeof bodySchema>;
/** Included tweets and users; absent in v1.1. */
export type Includes = z.output<typeof includesSchema>;
/** The entities of a text, hashtags only. */
export type Entities = z.output<typeof entitiesSchema>;
/** The parts of a tweet that can hold text and entities. */
export type Content = Pick<Body, keyof typeof contentShape>;

/** The member that holds the id. */
export type Id = { id_str: string } | { id: string };

/** The string id, by the rule of the workflow; undefined if it would accept none. */
export function idOf(body: Pick<Body, 'edit_history_tweet_ids' | 'id_str' | 'id'>): Id | undefined {
  const { success, data: id } = idSchema.safeParse(tweetIdOf(body));
  if (!success) return undefined;
  return typeof body.id_str === 'string' ? { id_str: id } : { id };
}
