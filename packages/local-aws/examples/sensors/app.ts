/**
 * Sensor readings in a stream, the highest temperature of each sensor in a table: a pipe that filters and shapes the
 * readings, and an Express workflow that stores them. No function in between.
 */
import { readFileSync } from 'node:fs';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';

const app = new App();
const stack = new Stack(app, 'Sensors', { description: 'Keeps the highest temperature of each sensor.' });

const readings = new Stream(stack, 'Readings', {
  streamMode: StreamMode.PROVISIONED,
  shardCount: Number(app.node.getContext('shards')),
});

const highest = new Table(stack, 'Highest', {
  partitionKey: { name: 'sensor', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});

const keepHighest = new StateMachine(stack, 'KeepHighest', {
  stateMachineType: StateMachineType.EXPRESS,
  definitionBody: DefinitionBody.fromString(readFileSync(new URL('keep-highest.asl.json', import.meta.url), 'utf8')),
  definitionSubstitutions: { TableName: highest.tableName },
});
highest.grantWriteData(keepHighest);

const pipeRole = new Role(stack, 'PipeRole', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
readings.grantRead(pipeRole);
keepHighest.grantStartSyncExecution(pipeRole);

const pipe = new CfnPipe(stack, 'Pipe', {
  roleArn: pipeRole.roleArn,
  source: readings.streamArn,
  sourceParameters: {
    kinesisStreamParameters: { startingPosition: 'TRIM_HORIZON', batchSize: 100 },
    // Readings of other kinds, and records that are not JSON, never reach the workflow.
    filterCriteria: { filters: [{ pattern: JSON.stringify({ data: { kind: ['temperature'] } }) }] },
  },
  target: keepHighest.stateMachineArn,
  targetParameters: {
    inputTemplate: '{"sensor": <$.data.sensor>, "temperature": <$.data.value>}',
    stepFunctionStateMachineParameters: { invocationType: 'REQUEST_RESPONSE' },
  },
});
// AWS checks the role's permissions when it creates the pipe.
pipe.node.addDependency(pipeRole);

new CfnOutput(stack, 'StreamName', { value: readings.streamName });
new CfnOutput(stack, 'TableName', { value: highest.tableName });
