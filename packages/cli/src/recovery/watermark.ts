/**
 * The watermark attribute of a shard on hashtag items, `s1a`, and the value of a sequence number in it (docs/adr/0011).
 */
export function watermarkName(shardId: string): string {
  return `s${BigInt(shardId.slice(shardId.indexOf('-') + 1)).toString(36)}`;
}

/** Orders as text the way the numbers order. */
export function watermarkValue(sequence: string): string {
  return `${String(sequence.length).padStart(3, '0')}${sequence}`;
}

/** Whether an attribute of a hashtag item is a watermark by its name. */
export function isWatermarkName(name: string): boolean {
  return /^s[0-9a-z]+$/.test(name);
}
