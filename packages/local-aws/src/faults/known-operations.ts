import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as dynamodbStreams from '@aws-sdk/client-dynamodb-streams';
import * as firehose from '@aws-sdk/client-firehose';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as pipes from '@aws-sdk/client-pipes';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';

/**
 * Every AWS operation, by the service name in the signature, to reject misspelt ones. DynamoDB Streams signs as
 * DynamoDB. Of Comprehend, whose client is not loaded for this, those that are answered here.
 */
export const knownOperations: Readonly<Record<string, readonly string[]>> = {
  cloudformation: operationsOf(cloudformation),
  comprehend: ['BatchDetectSentiment', 'DetectSentiment'],
  dynamodb: [...operationsOf(dynamodb), ...operationsOf(dynamodbStreams)],
  firehose: operationsOf(firehose),
  kinesis: operationsOf(kinesis),
  lambda: operationsOf(lambda),
  pipes: operationsOf(pipes),
  s3: operationsOf(s3),
  sqs: operationsOf(sqs),
  states: operationsOf(sfn),
  sts: operationsOf(sts),
};

function operationsOf(client: object): string[] {
  return Object.keys(client).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
}
