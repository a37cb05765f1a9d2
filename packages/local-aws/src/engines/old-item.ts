import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import type { ForwardedAnswer } from './http-forward.ts';

/**
 * Whether a call is an update that asks for the item as it was. dynoxide 1.2.1 answers the key when there was none;
 * DynamoDB answers nothing. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export function asksForOldItem(operation: string, body: Buffer): boolean {
  return operation === 'UpdateItem' && /"ReturnValues"\s*:\s*"ALL_OLD"/.test(body.toString('latin1'));
}

/**
 * Whether the item that a request names is there. True when the engine does not say: it will refuse the request itself.
 */
export async function hasItem(
  request: Buffer,
  call: (operation: 'GetItem', body: Buffer) => Promise<ForwardedAnswer>,
): Promise<boolean> {
  const input = parseJson(request.toString('utf8'));
  if (!isJsonObject(input)) return true;
  const { TableName, Key } = input;
  const { statusCode, body } = await call(
    'GetItem',
    Buffer.from(JSON.stringify({ TableName, Key, ConsistentRead: true })),
  );
  return statusCode !== 200 || body.includes('"Item"');
}

/** The answer to a successful update without the member `Attributes`. */
export function withoutAttributes(body: Buffer): Buffer {
  const answer = parseJson(body.toString('utf8'));
  if (!isJsonObject(answer)) return body;
  const { Attributes: _, ...members } = answer;
  return Buffer.from(JSON.stringify(members));
}
