// A CDK app as others write it: new orders of a table go to a queue, through a pipe with a filter.
import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import * as sqs from 'aws-cdk-lib/aws-sqs';

const app = new cdk.App();
const stack = new cdk.Stack(app, 'OrdersToQueue', { description: 'New orders, from a table to a queue' });

const table = new dynamodb.Table(stack, 'Orders', {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  stream: dynamodb.StreamViewType.NEW_IMAGE,
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  removalPolicy: cdk.RemovalPolicy.DESTROY,
});
const visibilitySeconds = Number(app.node.tryGetContext('visibilitySeconds') ?? 30);
const queue = new sqs.Queue(stack, 'NewOrders', { visibilityTimeout: cdk.Duration.seconds(visibilitySeconds) });
const role = new iam.Role(stack, 'PipeRole', { assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com') });
table.grantStreamRead(role);
queue.grantSendMessages(role);

const kind = app.node.tryGetContext('kind') ?? 'book';
const pipe = new CfnPipe(stack, 'Pipe', {
  roleArn: role.roleArn,
  source: table.tableStreamArn ?? '',
  sourceParameters: {
    dynamoDbStreamParameters: { startingPosition: 'TRIM_HORIZON', batchSize: 1 },
    filterCriteria: {
      filters: [
        { pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: [kind] } } } }) },
      ],
    },
  },
  target: queue.queueArn,
  targetParameters: { inputTemplate: '{"order": <$.dynamodb.NewImage.id.S>}' },
});
pipe.node.addDependency(role);

new cdk.CfnOutput(stack, 'TableName', { value: table.tableName });
new cdk.CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
