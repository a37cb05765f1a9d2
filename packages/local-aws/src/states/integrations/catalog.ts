import { comprehendIntegrations } from './comprehend.ts';
import { dynamodbIntegrations } from './dynamodb.ts';
import type { Integration } from './integration.ts';
import { kinesisIntegrations } from './kinesis.ts';
import { lambdaIntegrations } from './lambda.ts';
import { s3Integrations } from './s3.ts';
import { sqsIntegrations } from './sqs.ts';

/**
 * Every integration that runs locally, by resource ARN. A definition with another resource is refused when it is
 * created.
 */
export const integrations: ReadonlyMap<string, Integration> = new Map(
  [
    ...comprehendIntegrations,
    ...dynamodbIntegrations,
    ...kinesisIntegrations,
    ...lambdaIntegrations,
    ...s3Integrations,
    ...sqsIntegrations,
  ].map((integration) => [integration.resource, integration] as const),
);
