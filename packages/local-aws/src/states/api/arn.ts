import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';

const STATE_MACHINE = /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+$/;
const EXPRESS = /^arn:[^:]+:states:[^:]+:\d{12}:express:/;
const STATES = /^arn:[^:]+:states:[^:]+:\d{12}:/;

/** The ARN of a state machine in the caller's region and account. */
export function stateMachineArn(name: string, context: RequestContext): string {
  return `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
}

/** The ARN of an Express execution. `uuid` distinguishes executions of one name. */
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

/** Throws AWS's error for an operation on a single execution, which Express executions do not support. */
export function refuseExecutionArn(arn: string): never {
  if (EXPRESS.test(arn)) throw invalidArn('Resource type not valid in this context: express');
  if (STATES.test(arn)) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  throw invalidArn(`Invalid ARN prefix: ${arn}`);
}

function invalidArn(detail: string): AwsError {
  return new AwsError('InvalidArn', `Invalid Arn: '${detail}'`);
}
