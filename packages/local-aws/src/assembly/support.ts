import type { ResourceType, SupportedResourceType } from './resource-type.ts';
import { athenaNamedQuery } from './resources/athena-named-query.ts';
import { athenaWorkGroup } from './resources/athena-work-group.ts';
import { cloudwatchAlarm } from './resources/cloudwatch-alarm.ts';
import { cloudwatchCompositeAlarm } from './resources/cloudwatch-composite-alarm.ts';
import { cloudwatchDashboard } from './resources/cloudwatch-dashboard.ts';
import { deliveryStream } from './resources/delivery-stream.ts';
import { dynamodbGlobalTable } from './resources/dynamodb-global-table.ts';
import { dynamodbTable } from './resources/dynamodb-table.ts';
import { glueCrawler } from './resources/glue-crawler.ts';
import { glueDatabase } from './resources/glue-database.ts';
import { glueTable } from './resources/glue-table.ts';
import { iamManagedPolicy } from './resources/iam-managed-policy.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamRole } from './resources/iam-role.ts';
import { iamRolePolicy } from './resources/iam-role-policy.ts';
import { inertTypes } from './resources/inert-types.ts';
import { kinesisStream } from './resources/kinesis-stream.ts';
import { kmsKey } from './resources/kms-key.ts';
import { lambdaFunction } from './resources/lambda-function.ts';
import { lambdaPermission } from './resources/lambda-permission.ts';
import { logGroup } from './resources/log-group.ts';
import { logStream } from './resources/log-stream.ts';
import { metricFilter } from './resources/metric-filter.ts';
import { pipe } from './resources/pipe.ts';
import { resourcePolicyTypes } from './resources/resource-policies.ts';
import { s3Bucket } from './resources/s3-bucket.ts';
import { schedule } from './resources/schedule.ts';
import { scheduleGroup } from './resources/schedule-group.ts';
import { snsSubscription } from './resources/sns-subscription.ts';
import { snsTopic } from './resources/sns-topic.ts';
import { sqsQueue } from './resources/sqs-queue.ts';
import { ssmParameter } from './resources/ssm-parameter.ts';
import { stateMachine } from './resources/state-machine.ts';

/**
 * The resource types that work locally. Each file declares which properties are honoured and which are inert.
 */
export const supportedResourceTypes: readonly SupportedResourceType[] = [
  athenaNamedQuery,
  athenaWorkGroup,
  cloudwatchAlarm,
  cloudwatchCompositeAlarm,
  cloudwatchDashboard,
  dynamodbGlobalTable,
  dynamodbTable,
  kinesisStream,
  glueCrawler,
  glueDatabase,
  glueTable,
  deliveryStream,
  iamManagedPolicy,
  iamPolicy,
  iamRole,
  iamRolePolicy,
  kmsKey,
  lambdaFunction,
  lambdaPermission,
  logGroup,
  logStream,
  metricFilter,
  pipe,
  s3Bucket,
  scheduleGroup,
  schedule,
  snsTopic,
  snsSubscription,
  sqsQueue,
  ssmParameter,
  stateMachine,
  ...resourcePolicyTypes,
];

/**
 * Every resource type that a template may hold, supported and inert. Any other is an `UnsupportedResource`.
 * docs/feature-support.md lists the same.
 */
export const support: ReadonlyMap<string, ResourceType> = new Map(
  [...supportedResourceTypes, ...inertTypes].map((resourceType) => [resourceType.type, resourceType]),
);
