import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { digitsOf } from './exact-json.ts';
import { isId } from './ids.ts';

/** What asks for a tweet's removal, and whether the workflow takes it as it is. */
export type Deletion = { kind: 'deletion'; id: unknown } | { kind: 'other-action'; action: string };

/**
 * Recognises a delete notice in every form that X has for it: of API v1.1, of the compliance stream of v2 with and
 * without its envelope, a result of a batch compliance job, and a tweet that X's archive has among the deleted ones.
 * Undefined if it is none. https://docs.x.com/x-api/compliance/batch-compliance/quickstart
 */
export function deletionOf(value: JsonObject): Deletion | undefined {
  const inside = isJsonObject(value.data) ? value.data : value;
  if (isJsonObject(inside.delete)) {
    const { status, tweet } = inside.delete;
    if (isJsonObject(status)) return { kind: 'deletion', id: status.id_str ?? status.id };
    return isJsonObject(tweet) ? { kind: 'deletion', id: tweet.id } : undefined;
  }
  if (typeof value.deleted_at === 'string') return { kind: 'deletion', id: value.id_str ?? value.id };
  if (typeof value.action !== 'string' || value.text !== undefined) return undefined;
  return value.action === 'delete'
    ? { kind: 'deletion', id: value.id }
    : { kind: 'other-action', action: value.action };
}

/** The id of a deletion as text; undefined if it has none. */
export function deletedId({ id }: { id: unknown }): string | undefined {
  return isId(id) ? id : digitsOf(id);
}
