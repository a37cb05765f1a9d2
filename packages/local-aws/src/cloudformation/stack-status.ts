import type { AwsError } from '../gateway/aws-error.ts';
import type { Stack, StackStatus } from './stack.ts';
import { validationError } from './validation-error.ts';

/** Every resource of the stack is as its template says. */
export const COMPLETE: readonly StackStatus[] = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];
/** In these an update begins. With rollback disabled, it repairs what failed. */
const UPDATABLE: readonly StackStatus[] = [...COMPLETE, 'CREATE_FAILED', 'UPDATE_FAILED'];

/** Whether an operation runs. */
export function isBusy(status: StackStatus): boolean {
  return status.endsWith('_IN_PROGRESS');
}

/** The reason of a status that a client has asked for. */
export const USER_INITIATED = 'User Initiated';

/** Throws AwsError `ValidationError` for a stack that cannot be updated in its status. */
export function checkUpdatable(stack: Pick<Stack, 'id' | 'status'>): void {
  if (!UPDATABLE.includes(stack.status)) throw cannotBeUpdated(stack);
}

/** Throws AwsError `ValidationError` for a stack that is protected from deletion. */
export function checkUnprotected({ name, terminationProtection }: Pick<Stack, 'name' | 'terminationProtection'>): void {
  if (!terminationProtection) return;
  throw validationError(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`);
}

/** CloudFormation's error for an update of a stack whose status does not allow it. */
export function cannotBeUpdated({ id, status }: Pick<Stack, 'id' | 'status'>): AwsError {
  return validationError(`Stack:${id} is in ${status} state and can not be updated.`);
}
