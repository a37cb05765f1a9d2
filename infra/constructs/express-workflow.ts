import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { escapeForJson, readWorkflow } from '../workflow-definition.ts';
import { actingFor, ServiceRole } from './service-role.ts';
import { VendedLogGroup } from './vended-log-group.ts';
import { acknowledgeResourceWildcard } from './wildcard-acknowledgements.ts';

/** What differs from workflow to workflow. */
export interface ExpressWorkflowProps extends ConfiguredProps {
  /** Its folder in statemachines/, and the last part of its log group's name. */
  name: string;
  /** What the template fills into the holes of the definition, by name. */
  holes: Readonly<Record<string, string>>;
  /** What the role needs for the tasks. */
  statements: PolicyStatement[];
  /** Actions of the tasks that AWS defines without a resource. */
  actionsWithoutResource?: readonly string[];
}

/**
 * An Express workflow with its own role and, unless the level is OFF, log group. The template inlines its definition as
 * JSON.
 */
export class ExpressWorkflow extends Construct {
  readonly stateMachineArn: string;
  readonly role: Role;
  /** Undefined if the workflow does not log. */
  readonly logGroup: VendedLogGroup | undefined;

  constructor(scope: Construct, id: string, props: ExpressWorkflowProps) {
    super(scope, id);
    const { name, holes, statements, actionsWithoutResource = [], config } = props;
    this.logGroup =
      config.logLevel === 'OFF' ? undefined : new VendedLogGroup(this, 'Logs', { service: 'states', name, config });
    this.role = new ServiceRole(this, 'Role', {
      assumedBy: actingFor(this, 'states', 'stateMachine:*'),
      statements: [
        ...statements,
        ...(actionsWithoutResource.length === 0
          ? []
          : [new PolicyStatement({ actions: [...actionsWithoutResource], resources: ['*'] })]),
        ...(this.logGroup === undefined ? [] : [logDelivery()]),
        ...(config.tracing ? [tracing()] : []),
      ],
    });
    const unscoped = ['those of log delivery', 'those of X-Ray', ...actionsWithoutResource].join(', ');
    acknowledgeResourceWildcard(this.role, `Actions that know no resource: ${unscoped}.`);

    const stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineType: 'EXPRESS',
      definitionString: escapeForJson(JSON.stringify(readWorkflow(name))),
      definitionSubstitutions: { ...holes },
      roleArn: this.role.roleArn,
      ...(this.logGroup === undefined
        ? {}
        : {
            loggingConfiguration: {
              level: config.logLevel,
              includeExecutionData: config.executionData,
              destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: this.logGroup.logGroupArn } }],
            },
          }),
      tracingConfiguration: { enabled: config.tracing },
    });
    this.stateMachineArn = stateMachine.attrArn;
  }
}

/** Permissions for log delivery, none with a resource (AWS: "Logging using CloudWatch Logs" of Step Functions). */
function logDelivery(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    resources: ['*'],
  });
}

/** Permissions for X-Ray, none with a resource (AWS: "Trace Step Functions request data in AWS X-Ray"). */
function tracing(): PolicyStatement {
  return new PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
  });
}
