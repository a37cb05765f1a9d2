import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';

const STATE_MACHINE = /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+$/;
const EXPRESS = /^arn:[^:]+:states:[^:]+:\d{12}:express:/;
const STATES = /^arn:[^:]+:states:[^:]+:\d{12}:/;

export function stateMachineArn(name: string, context: RequestContext): string {
  return `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
}

/** Executions of the same name are told apart by the last part. */
export function expressExecutionArn(machineArn: string, executionName: string, uuid: string): string {
  return `${machineArn.replace(':stateMachine:', ':express:')}:${executionName}:${uuid}`;
}

/** Throws `InvalidArn` for anything but the ARN of a state machine without version or alias. */
export function checkStateMachineArn(arn: string): void {
  if (STATE_MACHINE.test(arn)) return;
  throw invalidArn(
    STATES.test(arn) ? `Resource type not valid in this context: ${arn.split(':')[5]}` : `Invalid ARN prefix: ${arn}`,
  );
}

/** What the operations on single executions answer: Express executions have no such API, and there are no others. */
export function refuseExecutionArn(arn: string): never {
  if (EXPRESS.test(arn)) throw invalidArn('Resource type not valid in this context: express');
  if (STATES.test(arn)) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  throw invalidArn(`Invalid ARN prefix: ${arn}`);
}

function invalidArn(detail: string): AwsError {
  return new AwsError('InvalidArn', `Invalid Arn: '${detail}'`);
}
