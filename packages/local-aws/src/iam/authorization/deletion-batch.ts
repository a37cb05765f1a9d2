import type { Call, WireResponse } from '../../gateway/wire.ts';
import { denialError } from './denial-error.ts';
import type { GuardedCall } from './guarded-call.ts';
import { deletions } from './s3.ts';

const DIGESTS = /^(content-md5|x-amz-checksum-.*|x-amz-sdk-checksum-algorithm|x-amz-trailer|content-length)$/;

/** Answers AccessDenied for each key that is denied. The others are deleted. */
export async function batchOfDeletions({ call, asked, ask, forward }: GuardedCall): Promise<WireResponse> {
  const all = deletions(asked).map(({ key, request }) => ({ key, decision: ask(request) }));
  const refused = all.flatMap(({ key, decision }) => (decision.isAllowed ? [] : [{ key, denied: decision.denied }]));
  if (refused.length === 0) return forward();
  const errors = refused.map(({ key, denied }) => {
    const { message } = denialError('s3', denied);
    return `<Error><Key>${escaped(key)}</Key><Code>AccessDenied</Code><Message>${escaped(message)}</Message></Error>`;
  });
  const allowed = all.flatMap(({ key, decision }) => (decision.isAllowed ? [key] : []));
  if (allowed.length === 0) return deletionAnswer(call, errors.join(''));
  const objects = allowed.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`).join('');
  const headers = Object.fromEntries(Object.entries(call.request.headers).filter(([name]) => !DIGESTS.test(name)));
  const response = await forward({ ...call.request, headers, body: Buffer.from(`<Delete>${objects}</Delete>`) });
  const text = response.body.toString('utf8').replace(/<\/DeleteResult>\s*$/, `${errors.join('')}</DeleteResult>`);
  return response.statusCode === 200 ? { ...response, body: Buffer.from(text) } : response;
}

function deletionAnswer({ context }: Call, errors: string): WireResponse {
  const result = `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${errors}</DeleteResult>`;
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': context.requestId };
  return { statusCode: 200, headers, body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${result}`) };
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
}
