import { isJsonObject } from '@tweet-pipes/kit/json';

/** The operations whose answers contain queue URLs. */
const ANSWERING_URLS = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues']);

/**
 * Replaces host and port of an answer's queue URLs by those the caller used: `http://127.0.0.1:4566/000000000000/name`.
 * In requests every earlier URL works, since the engine reads the last part only.
 */
export function rewriteQueueUrls(operation: string, body: Buffer, endpoint: string): Buffer {
  if (!ANSWERING_URLS.has(operation)) return body;
  const answer: unknown = JSON.parse(body.toString('utf8'));
  if (!isJsonObject(answer)) return body;
  const moved = (url: unknown): unknown => (typeof url === 'string' ? url.replace(/^https?:\/\/[^/]+/, endpoint) : url);
  const { QueueUrl: one, QueueUrls: many, ...rest } = answer;
  return Buffer.from(
    JSON.stringify({
      ...rest,
      ...(one === undefined ? {} : { QueueUrl: moved(one) }),
      ...(Array.isArray(many) ? { QueueUrls: many.map(moved) } : {}),
    }),
  );
}
