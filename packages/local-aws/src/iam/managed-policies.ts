import type { JsonObject } from '@tweet-pipes/kit/json';

type Statements = readonly JsonObject[];

function allow(actions: readonly string[], resource: string | string[] = '*'): JsonObject {
  return { Effect: 'Allow', Action: [...actions], Resource: resource };
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** By the part of the ARN after `policy/`. */
const statements: Readonly<Record<string, Statements>> = {
  AdministratorAccess: [allow(['*'])],
  'service-role/AWSLambdaBasicExecutionRole': [allow(LOGS)],
};

const PREFIX = /^arn:aws[\w-]*:iam::aws:policy\//;

/** The document of a managed policy of AWS. Undefined for one that is not known here. */
export function awsManagedPolicy(arn: string): JsonObject | undefined {
  const name = arn.replace(PREFIX, '');
  const found = PREFIX.test(arn) && Object.hasOwn(statements, name) ? statements[name] : undefined;
  return found && { Version: '2012-10-17', Statement: [...found] };
}

/** Names of AWS's managed policies that are known here: `service-role/AWSLambdaBasicExecutionRole`. */
export const awsManagedPolicyNames: readonly string[] = Object.keys(statements);
