import * as z from 'zod';

const watermarkValue = z.strictObject({ S: z.string().regex(/^\d{4,}$/) });

/**
 * The sequence that a shard's watermark holds, or undefined when the attribute is none. A watermark is named `s` and
 * the shard number in base 36, and holds the sequence behind its length in three digits (docs/adr/0011), which no other
 * attribute does by chance.
 */
export function watermark(attribute: string, value: unknown): string | undefined {
  if (!/^s[0-9a-z]+$/.test(attribute)) return undefined;
  const text = watermarkValue.safeParse(value).data?.S;
  return text !== undefined && Number(text.slice(0, 3)) === text.length - 3 ? text : undefined;
}
