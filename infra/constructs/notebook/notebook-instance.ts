import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnNotebookInstance, CfnNotebookInstanceLifecycleConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';

import { lakePrefixes } from '../lake/lake-bucket.ts';
import { ServiceRole } from '../service-role.ts';
import { acknowledgeObjectWildcard, acknowledgeServiceWildcard } from '../wildcard-acknowledgements.ts';
import { onStartScript } from './on-start.ts';
import { PrivateNetwork } from './private-network.ts';

/** The log group of all notebook instances of the account (AWS: "NotebookInstanceLifecycleHook"). */
const logGroup = 'log-group:/aws/sagemaker/NotebookInstances';

/** What the notebook asks. */
export interface NotebookInstanceProps {
  /** The lake's bucket. */
  bucket: IBucket;
  /** Name of the database. */
  database: string;
  /** Names of the tables and views that may be read. */
  tables: readonly string[];
  /** Name of the workgroup of Athena. */
  workGroup: string;
}

/**
 * A notebook instance with the notebook in place, in a network of its own, with an encrypted volume, that stops when it
 * is idle. It may run queries in the workgroup, and nothing else.
 */
export class NotebookInstance extends Construct {
  /** Of the instance. */
  readonly instanceName: string;

  constructor(scope: Construct, id: string, props: NotebookInstanceProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // ARNs of notebook instances are in lower case. The name is given, so that the role can name its own instance.
    this.instanceName = stack.stackName.toLowerCase();
    const queries = new PolicyStatement({
      actions: [
        'athena:GetNamedQuery',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:ListNamedQueries',
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
      ],
      resources: [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: props.workGroup })],
    });
    const stop = new PolicyStatement({
      actions: ['sagemaker:StopNotebookInstance'],
      resources: [
        stack.formatArn({ service: 'sagemaker', resource: 'notebook-instance', resourceName: this.instanceName }),
      ],
    });
    const role = new ServiceRole(this, 'Role', {
      // SageMaker documents no condition of the confused deputy for notebook instances.
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      statements: [queries, stop, ...this.#catalog(props), ...this.#objects(props), ...this.#log()],
    });
    const objects = [lakePrefixes.tweets, lakePrefixes.sentiment, lakePrefixes.forgotten, lakePrefixes.queryResults];
    for (const prefix of objects) {
      acknowledgeObjectWildcard(role, props.bucket, prefix, 'Firehose and Athena name the objects.');
    }
    acknowledgeServiceWildcard(role, 'logs', `${logGroup}:*`, 'SageMaker names the log streams.');

    const network = new PrivateNetwork(this, 'Network', {
      callerArn: role.roleArn,
      calls: { athena: queries, 'sagemaker.api': stop },
    });
    const key = new Key(this, 'Key', {
      description: 'The volume of the notebook instance.',
      enableKeyRotation: true,
      // The volume goes with the stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const lifecycle = new CfnNotebookInstanceLifecycleConfig(this, 'Lifecycle', {
      onStart: [{ content: onStartScript(props.workGroup) }],
    });
    new CfnNotebookInstance(this, 'Instance', {
      notebookInstanceName: this.instanceName,
      instanceType: 'ml.t3.medium',
      platformIdentifier: 'notebook-al2023-v1',
      volumeSizeInGb: 5,
      kmsKeyId: key.keyArn,
      roleArn: role.roleArn,
      rootAccess: 'Disabled',
      directInternetAccess: 'Disabled',
      subnetId: network.subnetId,
      securityGroupIds: [network.securityGroupId],
      lifecycleConfigName: lifecycle.attrNotebookInstanceLifecycleConfigName,
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' },
    });
  }

  /** Athena reads the catalog for the role. It also wants the database `default`, and makes it where it is missing. */
  #catalog({ database, tables }: NotebookInstanceProps): PolicyStatement[] {
    const glue = (resource: string) =>
      Stack.of(this).formatArn({ service: 'glue', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const [catalog, byDefault, own] = [glue('catalog'), glue('database/default'), glue(`database/${database}`)];
    return [
      // AWS: "Configure access to databases and tables in the AWS Glue Data Catalog"
      new PolicyStatement({
        actions: ['glue:CreateDatabase', 'glue:GetDatabase'],
        resources: [catalog, byDefault],
      }),
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
        resources: [catalog, own, ...tables.map((table) => glue(`table/${database}/${table}`))],
      }),
    ];
  }

  /** Athena reads rows, and writes and reads results, for the role. */
  #objects({ bucket }: NotebookInstanceProps): PolicyStatement[] {
    const under = (prefix: string) => bucket.arnForObjects(`${prefix}*`);
    return [
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [lakePrefixes.tweets, lakePrefixes.sentiment, lakePrefixes.forgotten].map(under),
      }),
      new PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        resources: [under(lakePrefixes.queryResults)],
      }),
    ];
  }

  /** What the start script prints. */
  #log(): PolicyStatement[] {
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: logGroup,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    return [
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [`${arn}:*`],
      }),
    ];
  }
}
