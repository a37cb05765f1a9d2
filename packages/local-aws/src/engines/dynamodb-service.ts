import { AwsError } from '../gateway/aws-error.ts';
import { unsupportedOperation } from '../gateway/errors.ts';
import { jsonError, targetOperation } from '../gateway/protocols/json.ts';
import type { WireService } from '../gateway/wire.ts';
import { meterAnswer, meteredRequest } from '../meter/dynamodb-capacity.ts';
import { type Meter, payerOf } from '../meter/meter.ts';
import { correctAnswer } from './dynamodb-answers.ts';
import type { HttpForward } from './http-forward.ts';
import { withEngineNames } from './stream-names.ts';

const targetPrefixes = ['DynamoDB_20120810', 'DynamoDBStreams_20120810'];

/** The engine requires a signature and a date but verifies neither, so constants are sent. */
const credentials = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-date': '20260101T000000Z',
};

/** DynamoDB and DynamoDB Streams (one signing name), served by an engine behind HTTP. */
export function dynamoDbService(forward: HttpForward, region: string, meter: Meter): WireService {
  return {
    signingName: 'dynamodb',
    targetPrefixes,
    operation: (request) => targetOperation(request, targetPrefixes),
    async handle({ operation, request, context }) {
      const metered = meteredRequest(operation, request.body);
      const answer = await forward
        .post(
          {
            ...credentials,
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': request.headers['x-amz-target'] ?? `${targetPrefixes[0]}.${operation}`,
          },
          withEngineNames(operation, metered?.body ?? request.body),
        )
        .catch((cause: unknown) => {
          throw new AwsError('InternalServerError', 'The local DynamoDB engine did not answer.', {
            statusCode: 500,
            cause,
          });
        });
      if (answer.statusCode === 400 && answer.body.includes('#UnknownOperationException')) {
        throw unsupportedOperation('dynamodb', operation);
      }
      const payer = payerOf(context);
      // The pipes meter their own reads of streams.
      if (operation === 'GetRecords' && payer === 'callers') meter.add('dynamodbStreamReads', 1, payer);
      const body = metered === undefined ? answer.body : meterAnswer(operation, metered, answer, meter, payer);
      return {
        statusCode: answer.statusCode,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': context.requestId },
        body: correctAnswer(operation, request.body, body, region),
      };
    },
    fail: (error, _request, requestId) => jsonError('1.0', error, requestId),
  };
}
