import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { unsignedAuthorization } from './aws-clients.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** A client of a service that speaks AWS JSON, whose connection, region and keys a call uses. */
export type JsonClient = Pick<DynamoDBClient | DynamoDBStreamsClient | KinesisClient | SFNClient, 'config'>;

/** By the service's name in X-Amz-Target. */
const services = {
  AWSStepFunctions: { signingName: 'states', version: '1.0' },
  DynamoDB_20120810: { signingName: 'dynamodb', version: '1.0' },
  DynamoDBStreams_20120810: { signingName: 'dynamodb', version: '1.0' },
  Kinesis_20131202: { signingName: 'kinesis', version: '1.1' },
} as const;
type ServiceName = keyof typeof services;

/** The operation to call, as in X-Amz-Target. */
export interface JsonTarget {
  readonly service: ServiceName;
  readonly operation: string;
}

/** What a service answered: its members as they are in JSON (blobs in base64, times in epoch seconds). */
export interface JsonAnswer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A service's error answer. */
export class JsonCallError extends Error {
  /** The code without its namespace: `ConditionalCheckFailedException`. */
  override readonly name: string;
  readonly $metadata: { httpStatusCode: number; requestId: string | undefined };

  constructor({ statusCode, headers, body }: JsonAnswer) {
    super(String(body.message ?? body.Message ?? 'UnknownError'));
    const type = typeof body.__type === 'string' ? body.__type : (headers['x-amzn-errortype'] ?? 'UnknownError');
    this.name = type.slice(type.lastIndexOf('#') + 1).split(':')[0] ?? type;
    this.$metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
  }
}

/**
 * Calls a service with JSON and returns JSON, over the connection of an SDK client. It skips the SDK's walk over input
 * and output by the service's model, which costs more than the call (docs/adr/0022). One attempt, as from a client with
 * `maxAttempts: 1`. The request names its caller and is not signed: for the local endpoint only. Throws
 * {@link JsonCallError} when the service refuses the call, and the connection's own errors, with `$metadata`.
 */
export async function callJson(
  client: JsonClient,
  target: JsonTarget,
  input: JsonObject,
  abortSignal?: AbortSignal,
): Promise<JsonAnswer> {
  const body = Buffer.from(JSON.stringify(input));
  const { headers, ...place } = await addressOf(client, target);
  const called = `${target.service}.${target.operation}`;
  const { response } = await client.config.requestHandler
    .handle(
      // The SDK's own class only adds a copy method, which no handler of ours calls.
      {
        ...place,
        method: 'POST',
        path: '/',
        query: {},
        headers: { ...headers, 'x-amz-target': called, 'content-length': String(body.length) },
        body,
      } as Parameters<typeof client.config.requestHandler.handle>[0],
      abortSignal === undefined ? {} : { abortSignal },
    )
    .catch(unanswered);
  const parsed: unknown = JSON.parse((await bytes(response.body)).toString('utf8') || '{}');
  const answer = {
    statusCode: response.statusCode,
    headers: response.headers,
    body: isJsonObject(parsed) ? parsed : {},
  };
  if (answer.statusCode >= 300) throw new JsonCallError(answer);
  return answer;
}

/** Marks an error of the connection as the SDK does, so that it can be told from a defect of the caller. */
function unanswered(error: unknown): never {
  throw error instanceof Error ? Object.assign(error, { $metadata: {} }) : error;
}

interface Address {
  protocol: string;
  hostname: string;
  port: number | undefined;
  headers: Record<string, string>;
}
const addresses = new WeakMap<JsonClient, Promise<Address>>();

/** Read once per client: its settings never change, and all its calls are of one service. */
function addressOf(client: JsonClient, target: JsonTarget): Promise<Address> {
  const known = addresses.get(client);
  if (known !== undefined) return known;
  const found = findAddress(client, target);
  addresses.set(client, found);
  return found;
}

async function findAddress({ config }: JsonClient, target: JsonTarget): Promise<Address> {
  const { protocol, hostname, port } = (await config.endpoint?.()) ?? {};
  if (protocol === undefined || hostname === undefined) throw new Error('A JSON call needs a client with an endpoint.');
  const { accessKeyId } = await config.credentials();
  const { signingName, version } = services[target.service];
  return {
    protocol,
    hostname,
    port,
    headers: {
      host: port === undefined ? hostname : `${hostname}:${port}`,
      'content-type': `application/x-amz-json-${version}`,
      authorization: unsignedAuthorization(accessKeyId, await config.region(), signingName),
    },
  };
}

async function bytes(body: unknown): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return body instanceof Readable ? buffer(body) : Buffer.alloc(0);
}
