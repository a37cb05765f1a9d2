import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
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
import { GroupCommit } from './group-commit.ts';
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
  /** Deletes the records of a stream that has ended. Default: the server does so itself. */
  dropEndedStream?(table: string): void;
}

/** DynamoDB and DynamoDB Streams (one signing name), served by an engine behind HTTP. */
export function dynamoDbService(
  { forward, isExternal, dropEndedStream }: DynamoDbServer,
  { region, meter, clock }: Pick<RuntimeContext, 'region' | 'meter' | 'clock'>,
  metrics: DynamoDbMetrics,
): WireService {
  /** As the engine calls it. The first answer of a table tells it, before anybody has an ARN. */
  let ownRegion: string | undefined;
  const call = (operation: string, body: Buffer) => post(forward, `${targetPrefixes[0]}.${operation}`, body);
  const forms = new Set<string>();
  // Apart, because the engine does not tell what each call of a group consumed.
  const groups = { stack: new GroupCommit(call, forms), callers: new GroupCommit(call, forms) };
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
      const streamChange = dropEndedStream && streamChangeOf(operation, request.body);
      if (streamChange !== undefined) {
        if (streamChange.enables && hasStream(await call('DescribeTable', request.body))) {
          throw new AwsError(
            'ValidationException',
            `Table already has an enabled stream: TableName: ${streamChange.table}`,
          );
        }
        // Also of a table that was deleted while the runtime was being killed.
        dropEndedStream?.(streamChange.table);
      }
      const isCreation = asksForOldItem(operation, request.body) && !(await hasItem(request.body, call));
      const startMs = clock.now();
      const payer = payerOf(context);
      const alone = () => post(forward, target, withEngineNames(operation, metered?.body ?? request.body, names));
      const answer = await (isExternal ? alone() : groups[payer].carryOut(operation, request.body, alone));
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
      if (streamChange !== undefined && answer.statusCode === 200) dropEndedStream?.(streamChange.table);
      ownRegion ??= engineRegion(operation, answer.body);
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

/** What a call does to the stream of a table: it may begin or end one. */
function streamChangeOf(operation: string, body: Buffer): { table: string; enables: boolean } | undefined {
  if (operation !== 'CreateTable' && operation !== 'UpdateTable' && operation !== 'DeleteTable') return undefined;
  const input = parseJson(body.toString('utf8'));
  if (!isJsonObject(input) || typeof input.TableName !== 'string') return undefined;
  const stream = isJsonObject(input.StreamSpecification) ? input.StreamSpecification : undefined;
  if (operation === 'UpdateTable' && stream === undefined) return undefined;
  return { table: input.TableName, enables: operation === 'UpdateTable' && stream?.StreamEnabled === true };
}

function hasStream({ statusCode, body }: ForwardedAnswer): boolean {
  const answer = statusCode === 200 ? parseJson(body.toString('utf8')) : undefined;
  const table = isJsonObject(answer) && isJsonObject(answer.Table) ? answer.Table : {};
  return isJsonObject(table.StreamSpecification) && table.StreamSpecification.StreamEnabled === true;
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
