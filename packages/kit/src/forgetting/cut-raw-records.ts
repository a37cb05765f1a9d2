import { isJsonObject, parseJson } from '../json.ts';
import { type Cut, type CutRow, cutRow, type IsDoomed } from './cut.ts';
import { fileOf, linesIn } from './encoding.ts';
import { heldIds } from './held-ids.ts';

/**
 * Cuts records out of a file that Firehose wrote for what it could not deliver: JSON lines with the record in
 * `rawData`, in base64. A record leaves if it names a doomed id anywhere, as an embedded tweet for instance.
 */
export async function cutRawRecords(body: Buffer, isDoomed: IsDoomed): Promise<Cut | undefined> {
  const rows: CutRow[] = [];
  const kept: Buffer[] = [];
  for (const line of linesIn(body)) {
    const named = [...heldIds(rawText(line.toString('utf8')))].find(isDoomed);
    if (named === undefined) kept.push(line);
    else rows.push(cutRow(named));
  }
  return rows.length === 0 ? undefined : { rows, rewritten: () => fileOf(kept, body) };
}

/** Blanks the record of an object of the quarantine, and keeps when it came and why it is there. */
export async function blankQuarantined(body: Buffer, isDoomed: IsDoomed): Promise<Cut | undefined> {
  const text = body.toString('utf8');
  const value = parseJson(text);
  const encoded = isJsonObject(value) && typeof value.data === 'string' ? value.data : '';
  const named = [...heldIds(text), ...heldIds(Buffer.from(encoded, 'base64').toString('utf8'))].find(isDoomed);
  if (named === undefined) return undefined;
  const { data, ...rest } = isJsonObject(value) ? value : { data: text };
  if (data === null) return undefined;
  return {
    rows: [cutRow(named)],
    rewritten: () => Buffer.from(JSON.stringify({ ...rest, data: null })),
  };
}

function rawText(line: string): string {
  const value = parseJson(line);
  const raw = isJsonObject(value) && typeof value.rawData === 'string' ? value.rawData : undefined;
  return raw === undefined ? line : Buffer.from(raw, 'base64').toString('utf8');
}
