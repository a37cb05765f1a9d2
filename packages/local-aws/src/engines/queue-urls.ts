import { isJsonObject } from '@tweet-pipes/kit/json';

/** The operations whose answers hold queue URLs. */
const ANSWERING_URLS = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues']);

/**
 * Makes the queue URLs of an answer lead back to the endpoint by the host the caller used, whatever host and port the
 * queue was created under: `http://127.0.0.1:4566/000000000000/name`. The engine finds a queue by the last part of the
 * URL, so any URL it ever gave works on the way in.
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
