import * as z from 'zod';

/** As JSONata's `$length` counts. */
const atMost = (codePoints: number) => (text: string) => text.length <= codePoints || [...text].length <= codePoints;

/** Text as the workflow takes it: a lone surrogate cannot be stored. */
const textSchema = z.string().refine((text) => text.isWellFormed());
const idSchema = textSchema.min(1).refine(atMost(64));
const wordSchema = textSchema.min(1).refine(atMost(512));
const entitiesSchema = z.object({
  hashtags: z.array(z.union([z.object({ text: wordSchema }), z.object({ tag: wordSchema })])).nullish(),
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
 * What the workflow reads of a tweet in any of its shapes, with the types that it accepts; all else is stripped. The
 * numeric `id` of v1.1 is not read.
 */
export const bodySchema = z.object({
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

/** What stands beside a v2 tweet. */
export const includesSchema = z
  .object({
    tweets: z.array(z.object({ id: z.string(), ...contentShape })).nullish(),
    users: z.array(z.object({ id: z.string(), username: textSchema.nullish() })).nullish(),
  })
  .nullish();

export const deleteNoticeSchema = z.object({ delete: z.object({ status: z.object({ id_str: idSchema }) }) });

export type Body = z.output<typeof bodySchema>;
export type Includes = z.output<typeof includesSchema>;
export type Entities = z.output<typeof entitiesSchema>;
/** A tweet as far as its text and entities go. */
export type Content = Pick<Body, keyof typeof contentShape>;

/** The string id, by the workflow's rule; undefined when there is none that it accepts. */
export function idOf({ id_str, id }: Pick<Body, 'id_str' | 'id'>): { id_str: string } | { id: string } | undefined {
  if (typeof id_str === 'string') return idSchema.safeParse(id_str).success ? { id_str } : undefined;
  return typeof id === 'string' && idSchema.safeParse(id).success ? { id } : undefined;
}
