import { AwsError } from '../gateway/aws-error.ts';
import { unsupportedOperation } from '../gateway/errors.ts';
import { jsonError, targetOperation } from '../gateway/protocols/json.ts';
import type { WireService } from '../gateway/wire.ts';
import { meterAnswer, meteredRequest } from '../meter/dynamodb-capacity.ts';
import { payerOf } from '../meter/meter.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { correctAnswer, engineRegion } from './dynamodb-answers.ts';
import { dynamoDbFacts } from './dynamodb-facts.ts';
import type { DynamoDbMetrics } from './dynamodb-metrics.ts';
import type { ForwardedAnswer, HttpForward } from './http-forward.ts';
import { asksForOldItem, hasItem, withoutAttributes } from './old-item.ts';
import { withEngineNames } from './stream-names.ts';

/**
 * Above this the engine answers before it has read the body, and closes the connection under the next call.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

const targetPrefixes = ['DynamoDB_20120810', 'DynamoDBStreams_20120810'];

/** The engine requires a signature and a date but verifies neither, so constants are sent. */
const credentials = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-date': '20260101T000000Z',
};

/** The engine behind {@link dynamoDbService}. */
export interface DynamoDbServer {
  readonly forward: HttpForward;
  /** Whether it is a server of the user's, with names of its own for shards and records. */
  readonly isExternal: boolean;
}

/** DynamoDB and DynamoDB Streams (one signing name), served by an engine behind HTTP. */
export function dynamoDbService(
  { forward, isExternal }: DynamoDbServer,
  { region, meter, clock }: Pick<RuntimeContext, 'region' | 'meter' | 'clock'>,
  metrics: DynamoDbMetrics,
): WireService {
  /** As the engine calls it. The first answer of a table tells it, before anybody has an ARN. */
  let ownRegion: string | undefined;
  const call = (operation: string, body: Buffer) => post(forward, `${targetPrefixes[0]}.${operation}`, body);
  return {
    signingName: 'dynamodb',
    targetPrefixes,
    operation: (request) => targetOperation(request, targetPrefixes),
    async handle({ operation, request, context }) {
      if (request.body.length > MAX_REQUEST_BYTES) throw tooLarge();
      const metered = meteredRequest(operation, request.body);
      const target = request.headers['x-amz-target'] ?? `${targetPrefixes[0]}.${operation}`;
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': context.requestId };
      const names = { region: ownRegion, isExternal };
      const isCreation = asksForOldItem(operation, request.body) && !(await hasItem(request.body, call));
      const startMs = clock.now();
      const answer = await post(forward, target, withEngineNames(operation, metered?.body ?? request.body, names));
      if (answer.statusCode === 400 && answer.body.includes('#UnknownOperationException')) {
        const facts = Object.hasOwn(dynamoDbFacts, operation) ? dynamoDbFacts[operation] : undefined;
        if (facts === undefined) throw unsupportedOperation('dynamodb', operation);
        const { answer: fact, withoutTable } = facts;
        if (withoutTable !== undefined) {
          const table = await call('DescribeTable', request.body);
          if (table.statusCode !== 200) throw new AwsError(withoutTable, 'The table does not exist.');
        }
        return { statusCode: 200, headers, body: Buffer.from(JSON.stringify(fact)) };
      }
      if (answer.statusCode >= 400 && !answer.body.includes('"__type"')) throw unnamedError(answer.statusCode);
      ownRegion ??= engineRegion(operation, answer.body);
      const payer = payerOf(context);
      // The pipes meter their own reads of streams.
      if (operation === 'GetRecords' && payer === 'callers') meter.add('dynamodbStreamReads', 1, payer);
      let { body } = answer;
      if (metered !== undefined) {
        const tables = new Set<string>();
        body = meterAnswer(operation, metered, answer, metrics.metered(meter, tables), payer);
        metrics.answered(operation, answer, tables, clock.now() - startMs);
      }
      if (isCreation) body = withoutAttributes(body);
      return { statusCode: answer.statusCode, headers, body: correctAnswer(operation, request.body, body, region) };
    },
    fail: (error, _request, requestId) => jsonError('1.0', error, requestId),
  };
}

function tooLarge(): AwsError {
  return new AwsError('ValidationException', 'The request is larger than 16 MB.');
}

/** An answer of the engine's web server, which is plain text, to a request that the engine has not seen. */
function unnamedError(statusCode: number): AwsError {
  if (statusCode === 413) return tooLarge();
  if (statusCode < 500) return new AwsError('SerializationException', 'The request body is not JSON in UTF-8.');
  return new AwsError('InternalServerError', 'The local DynamoDB engine failed on this request.', { statusCode: 500 });
}

async function post(forward: HttpForward, target: string, body: Buffer): Promise<ForwardedAnswer> {
  const headers = { ...credentials, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  return forward.post(headers, body).catch((cause: unknown) => {
    throw new AwsError('InternalServerError', 'The local DynamoDB engine did not answer.', { statusCode: 500, cause });
  });
}
