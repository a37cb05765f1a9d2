/**
 * Reads members of a JSON body from its bytes, since a whole parse costs more than the decision that needs them. Both
 * functions are sure of what they return: in doubt they return undefined, and the body has to be parsed.
 *
 * Why that is exact: a quotation mark inside a JSON text has a backslash in front. So `"Name"` without one is a whole
 * key or a whole value, and a key cannot be spelled otherwise without `\u`. No byte of a longer UTF-8 character is
 * ASCII, so Latin-1 does not change where anything is.
 */

/** A name or an ARN, which needs no decoding. */
const PLAIN = /^[\w.:/-]*$/;

/** The text of a member of the outermost object, where it is the first. */
export function firstMember(body: Buffer, name: string): string | undefined {
  const text = body.toString('latin1');
  const begin = `{"${name}":"`;
  if (!text.startsWith(begin)) return undefined;
  const end = text.indexOf('"', begin.length);
  if (end < 0) return undefined;
  // The last of several members of one name counts.
  if (text.includes(`${name}"`, end) || text.includes('\\u', end)) return undefined;
  const value = text.slice(begin.length, end);
  return PLAIN.test(value) ? value : undefined;
}

/** The different texts of all members of a name, at any depth. */
export function everyMember(body: Buffer, name: string): string[] | undefined {
  const text = body.toString('latin1');
  if (text.includes('\\u')) return undefined;
  const key = `"${name}"`;
  const found = new Set<string>();
  /** With the quotation mark at its end. */
  let last: string | undefined;
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at)) {
    const begin = at + key.length + ':"'.length;
    if (text[at - 1] === '\\' || !text.startsWith(':"', at + key.length)) return undefined;
    if (last === undefined || !text.startsWith(last, begin)) {
      last = textAt(text, begin);
      if (last === undefined) return undefined;
      found.add(last);
    }
    at = begin + last.length;
  }
  return [...found].map((each) => each.slice(0, -1).replaceAll('\\"', '"'));
}

/** Of ASCII without escapes other than `\"`, and its end. */
const TEXT = /(?:[ !#-[\]-~]|\\")*"/y;

function textAt(text: string, start: number): string | undefined {
  TEXT.lastIndex = start;
  return TEXT.exec(text)?.[0];
}
