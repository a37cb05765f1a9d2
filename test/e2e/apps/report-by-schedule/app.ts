// A CDK app as others write it: a schedule starts a function that writes a report into a bucket.
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';

const app = new cdk.App();
const stack = new cdk.Stack(app, 'ReportBySchedule', { tags: { team: 'reports' } });

const bucket = new s3.Bucket(stack, 'Reports', { removalPolicy: cdk.RemovalPolicy.DESTROY });
const report = new lambda.Function(stack, 'Report', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromAsset(join(import.meta.dirname, 'function')),
  environment: { BUCKET: bucket.bucketName, TITLE: app.node.tryGetContext('title') ?? 'first' },
  timeout: cdk.Duration.seconds(20),
});
bucket.grantPut(report);

const role = new iam.Role(stack, 'ScheduleRole', { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') });
report.grantInvoke(role);
new scheduler.CfnSchedule(stack, 'Schedule', {
  flexibleTimeWindow: { mode: 'OFF' },
  scheduleExpression: 'rate(1 minutes)',
  target: { arn: report.functionArn, roleArn: role.roleArn, input: '{}' },
});

new cdk.CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
new cdk.CfnOutput(stack, 'FunctionName', { value: report.functionName });
