import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/local-service.ts';
import {
  deploymentConfig,
  disablesRollback,
  flag,
  list,
  parseInput,
  refusedMembers,
  stackContent,
  text,
} from './input.ts';
import type { OperationParts } from './operation-parts.ts';
import type { Stack } from './stack.ts';
import { stackInput, withRefusals } from './stack-request.ts';
import { checkUnprotected, checkUpdatable } from './stack-status.ts';
import { validationError } from './validation-error.ts';

const inputs = {
  create: z.strictObject({
    ...stackContent,
    ...refusedMembers,
    DisableRollback: flag.optional(),
    OnFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
    EnableTerminationProtection: flag.optional(),
    ClientRequestToken: text.optional(),
    RetainExceptOnCreate: flag.optional(),
  }),
  update: z.strictObject({
    ...stackContent,
    ...refusedMembers,
    UsePreviousTemplate: flag.optional(),
    DisableRollback: flag.optional(),
    ClientRequestToken: text.optional(),
    RetainExceptOnCreate: flag.optional(),
  }),
  delete: z.strictObject({
    StackName: text,
    RetainResources: list(text).optional(),
    RoleARN: text.optional(),
    ClientRequestToken: text.optional(),
    DeletionMode: z.enum(['STANDARD', 'FORCE_DELETE_STACK']).default('STANDARD'),
    DeploymentConfig: deploymentConfig.optional(),
  }),
  cancel: z.strictObject({ StackName: text, ClientRequestToken: text.optional() }),
  rollBack: z.strictObject({
    StackName: text,
    RoleARN: text.optional(),
    ClientRequestToken: text.optional(),
    RetainExceptOnCreate: flag.optional(),
  }),
  continue: z.strictObject({
    StackName: text,
    RoleARN: text.optional(),
    ResourcesToSkip: list(text).optional(),
    ForceRollback: flag.optional(),
    ClientRequestToken: text.optional(),
  }),
  protect: z.strictObject({ StackName: text, EnableTerminationProtection: flag }),
};

/** The operations that create, change and delete stacks without a change set. */
export function stackOperations(parts: OperationParts): Readonly<Record<string, Operation>> {
  const { engine, stacks, changeSets, running } = parts;
  return {
    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
    CreateStack: async (input) => {
      const request = parseInput(inputs.create, input);
      const { OnFailure: onFailure, DisableRollback: isRollbackDisabled, ClientRequestToken: token } = request;
      if (onFailure !== undefined && isRollbackDisabled !== undefined) {
        throw validationError('Specify OnFailure or DisableRollback, and not both.');
      }
      const existing = stacks.find(request.StackName);
      if (existing !== undefined) {
        if (isRepeated(existing, token)) return { StackId: existing.id };
        throw new AwsError('AlreadyExistsException', `Stack [${request.StackName}] already exists`);
      }
      const wanted = await stackInput(request, undefined, parts);
      const operation = await withRefusals(() =>
        engine().deploy({
          ...wanted,
          disableRollback:
            isRollbackDisabled ?? disablesRollback(request.DeploymentConfig) ?? onFailure === 'DO_NOTHING',
          retainExceptOnCreate: request.RetainExceptOnCreate,
          clientRequestToken: token,
        }),
      );
      if (request.EnableTerminationProtection) await engine().protect(operation.stackId, true);
      await running.follow(operation, { isDeletedOnFailure: onFailure === 'DELETE' });
      return { StackId: operation.stackId };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html */
    UpdateStack: async (input) => {
      const request = parseInput(inputs.update, input);
      const { DisableRollback: isRollbackDisabled, ClientRequestToken: token } = request;
      const existing = stacks.existing(request.StackName);
      if (isRepeated(existing, token)) return { StackId: existing.id };
      checkUpdatable(existing);
      const wanted = await stackInput(request, existing, parts);
      const operation = await withRefusals(() =>
        engine().deploy({
          ...wanted,
          disableRollback: isRollbackDisabled ?? disablesRollback(request.DeploymentConfig) ?? false,
          retainExceptOnCreate: request.RetainExceptOnCreate,
          clientRequestToken: token,
        }),
      );
      changeSets.removeOthers(operation.stackId);
      await running.follow(operation);
      return { StackId: operation.stackId };
    },

    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html: one that does not exist
     * is no error.
     */
    DeleteStack: async (input) => {
      const { StackName, RetainResources: retain = [], ...request } = parseInput(inputs.delete, input);
      if (request.DeletionMode === 'FORCE_DELETE_STACK') {
        throw validationError(
          'FORCE_DELETE_STACK is not supported by the local endpoint. Name what shall stay with RetainResources.',
        );
      }
      const stack = stacks.find(StackName);
      if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
      if (stack.status === 'REVIEW_IN_PROGRESS') {
        checkUnprotected(stack);
        stacks.forgetReview(stack.name);
        changeSets.removeOthers(stack.id);
        return {};
      }
      const options = { retain, clientRequestToken: request.ClientRequestToken };
      const operation = await engine().remove(stack.id, options);
      changeSets.removeOthers(stack.id);
      await running.follow(operation);
      return {};
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html */
    CancelUpdateStack: async (input) => {
      const { StackName, ClientRequestToken: token } = parseInput(inputs.cancel, input);
      const stack = stacks.existing(StackName);
      if (isRepeated(stack, token)) return {};
      await running.follow(await engine().cancelUpdate(stack.id, { clientRequestToken: token }));
      return {};
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html */
    RollbackStack: async (input) => {
      const { StackName, ClientRequestToken: token, RetainExceptOnCreate } = parseInput(inputs.rollBack, input);
      const stack = stacks.existing(StackName);
      if (isRepeated(stack, token)) return { StackId: stack.id };
      const options = { clientRequestToken: token, retainExceptOnCreate: RetainExceptOnCreate };
      await running.follow(await engine().rollBack(stack.id, options));
      return { StackId: stack.id };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html */
    ContinueUpdateRollback: async (input) => {
      const { StackName, ClientRequestToken: token, ...request } = parseInput(inputs.continue, input);
      const { ResourcesToSkip: skip, ForceRollback: isForced } = request;
      const stack = stacks.existing(StackName);
      if (isRepeated(stack, token)) return {};
      await running.follow(await engine().continueRollback(stack.id, { clientRequestToken: token, skip, isForced }));
      return {};
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html */
    UpdateTerminationProtection: async (input) => {
      const { StackName, EnableTerminationProtection: isProtected } = parseInput(inputs.protect, input);
      const stack = stacks.existing(StackName);
      const review = stack.status === 'REVIEW_IN_PROGRESS' ? stacks.review(stack.name) : undefined;
      // The CDK protects a new stack before it executes the change set.
      if (review !== undefined) review.terminationProtection = isProtected;
      else await engine().protect(stack.id, isProtected);
      return { StackId: stack.id };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetStackPolicy.html: no stack has one. */
    GetStackPolicy: async (input) => {
      stacks.existing(parseInput(z.strictObject({ StackName: text }), input).StackName);
      return {};
    },
  };

  /** Whether a client sends again what it has no answer to. */
  function isRepeated(stack: Stack, token: string | undefined): boolean {
    return token !== undefined && stacks.events(stack).some(({ clientRequestToken }) => clientRequestToken === token);
  }
}
