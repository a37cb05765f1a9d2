import type { AttributeValue, _Record as StreamsRecord } from '@aws-sdk/client-dynamodb-streams';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/**
 * A stream record that the SDK read, as the API answers it in JSON: binary values as base64, the creation time in epoch
 * seconds.
 */
export function streamRecordJson({ dynamodb, userIdentity, ...record }: StreamsRecord): JsonObject {
  const { ApproximateCreationDateTime: createdAt, Keys, NewImage, OldImage, ...change } = dynamodb ?? {};
  return {
    ...record,
    dynamodb: {
      ...change,
      ...(createdAt === undefined ? {} : { ApproximateCreationDateTime: createdAt.getTime() / 1000 }),
      ...image('Keys', Keys),
      ...image('NewImage', NewImage),
      ...image('OldImage', OldImage),
    },
    ...(userIdentity === undefined ? {} : { userIdentity: { ...userIdentity } }),
  };
}

function image(name: string, attributes: Record<string, AttributeValue> | undefined): JsonObject {
  return attributes === undefined ? {} : { [name]: attributeMap(attributes) };
}

function attributeMap(attributes: Record<string, AttributeValue>): JsonObject {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeJson(value)]));
}

function attributeJson(value: AttributeValue): Json {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.L !== undefined) return { L: value.L.map(attributeJson) };
  if (value.M !== undefined) return { M: attributeMap(value.M) };
  if (value.SS !== undefined) return { SS: [...value.SS] };
  if (value.NS !== undefined) return { NS: [...value.NS] };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  throw new Error(`A DynamoDB attribute of an unknown type: ${JSON.stringify(value)}`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
