import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../../gateway/aws-error.ts';
import type { AccessControl, AccessRequest } from '../access-control.ts';
import { type Asked, arnOf, textOf } from './asked.ts';

/** A role that a call hands to a service. */
interface HandedRole {
  readonly roleArn: string;
  readonly principal: string;
  /** The condition keys of the service's AssumeRole. */
  readonly context: Readonly<Record<string, string>>;
  readonly refusal: AwsError;
}

type HandedRoles = (asked: Asked) => readonly HandedRole[];

/** The keys against confused deputies, https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
function actingFor({ accountId }: Asked, sourceArn: string): Record<string, string> {
  return { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountId };
}

const stateMachine: HandedRoles = (asked) => {
  const { roleArn, stateMachineArn, name } = asked.input;
  if (typeof roleArn !== 'string') return [];
  const arn =
    typeof stateMachineArn === 'string' ? stateMachineArn : arnOf(asked, 'states', `stateMachine:${textOf(name)}`);
  return [
    {
      roleArn,
      principal: 'states.amazonaws.com',
      context: actingFor(asked, arn),
      refusal: new AwsError(
        'AccessDeniedException',
        'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
      ),
    },
  ];
};

const lambdaFunction: HandedRoles = ({ input: { Role } }) =>
  typeof Role !== 'string'
    ? []
    : [
        {
          roleArn: Role,
          principal: 'lambda.amazonaws.com',
          context: {},
          refusal: new AwsError(
            'InvalidParameterValueException',
            'The role defined for the function cannot be assumed by Lambda.',
          ),
        },
      ];

const pipe: HandedRoles = (asked) => {
  const { RoleArn, Name } = asked.input;
  if (typeof RoleArn !== 'string') return [];
  return [
    {
      roleArn: RoleArn,
      principal: 'pipes.amazonaws.com',
      context: actingFor(asked, arnOf(asked, 'pipes', `pipe/${textOf(Name)}`)),
      // The words are from memory.
      refusal: new AwsError('ValidationException', `EventBridge Pipes is unable to assume the role ${RoleArn}.`),
    },
  ];
};

/**
 * The trust policy names the schedule group.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
const schedule: HandedRoles = (asked) => {
  const { Target, GroupName } = asked.input;
  if (!isJsonObject(Target) || typeof Target.RoleArn !== 'string') return [];
  const group = typeof GroupName === 'string' ? GroupName : 'default';
  return [
    {
      roleArn: Target.RoleArn,
      principal: 'scheduler.amazonaws.com',
      context: actingFor(asked, arnOf(asked, 'scheduler', `schedule-group/${group}`)),
      refusal: new AwsError(
        'ValidationException',
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
      ),
    },
  ];
};

const deliveryStream: HandedRoles = (asked) =>
  [...new Set(rolesIn(asked.input))].map((roleArn) => ({
    roleArn,
    principal: 'firehose.amazonaws.com',
    context: { 'sts:ExternalId': asked.accountId },
    refusal: new AwsError(
      'InvalidArgumentException',
      `Firehose is unable to assume role ${roleArn}. Please check the role provided.`,
    ),
  }));

/** Every `RoleARN` of a delivery stream, and the `RoleArn` parameters of its processors. */
function rolesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(rolesIn);
  if (!isJsonObject(value)) return [];
  if (value.ParameterName === 'RoleArn') return [textOf(value.ParameterValue)];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'RoleARN' && typeof member === 'string' ? [member] : rolesIn(member),
  );
}

const crawler: HandedRoles = (asked) => {
  const { Role, Name } = asked.input;
  if (typeof Role !== 'string') return [];
  const roleArn = Role.startsWith('arn:') ? Role : `arn:aws:iam::${asked.accountId}:role/${Role}`;
  return [
    {
      roleArn,
      principal: 'glue.amazonaws.com',
      context: actingFor(asked, arnOf(asked, 'glue', `crawler/${textOf(Name)}`)),
      refusal: new AwsError(
        'InvalidInputException',
        `Service is unable to assume provided role. Please verify role's TrustPolicy`,
      ),
    },
  ];
};

const operations: Readonly<Record<string, ReadonlyMap<string, HandedRoles>>> = {
  firehose: new Map([
    ['CreateDeliveryStream', deliveryStream],
    ['UpdateDestination', deliveryStream],
  ]),
  glue: new Map([
    ['CreateCrawler', crawler],
    ['UpdateCrawler', crawler],
  ]),
  lambda: new Map([
    ['CreateFunction', lambdaFunction],
    ['UpdateFunctionConfiguration', lambdaFunction],
  ]),
  pipes: new Map([
    ['CreatePipe', pipe],
    ['UpdatePipe', pipe],
  ]),
  scheduler: new Map([
    ['CreateSchedule', schedule],
    ['UpdateSchedule', schedule],
  ]),
  states: new Map([
    ['CreateStateMachine', stateMachine],
    ['UpdateStateMachine', stateMachine],
  ]),
};

/** Whether a call may hand a role to a service. */
export function handsRoleOver(service: string, operation: string): boolean {
  return Object.hasOwn(operations, service) && operations[service]?.has(operation) === true;
}

/**
 * Throws the service's own error if a call hands it a role that it may not assume. Returns what the caller needs to
 * hand the roles over. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function checkAssumedRoles(service: string, asked: Asked, access: AccessControl): AccessRequest[] {
  const handed = operations[service]?.get(asked.operation)?.(asked) ?? [];
  return handed.map(({ roleArn, principal, context, refusal }) => {
    if (!access.mayAssume(roleArn, principal, context).isAllowed) throw refusal;
    return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': principal } };
  });
}
