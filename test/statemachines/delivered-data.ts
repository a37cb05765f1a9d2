import type { Json } from '@tweet-pipes/kit/json';

/** A record's data as a pipe parses it for the workflow: JSON where it is JSON, base64 else. */
export function asPipeParses(data: Uint8Array): Json {
  const bytes = Buffer.from(data);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('base64');
  }
}
