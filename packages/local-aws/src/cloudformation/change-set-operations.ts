import { z } from 'zod';
import { TemplateError } from '../assembly/errors.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Operation, RequestContext } from '../gateway/local-service.ts';
import { type ChangeSet, NO_CHANGES } from './change-sets.ts';
import { describeChange, describeChangeSet, summarizeChangeSet } from './describe.ts';
import { disablesRollback, flag, pageOf, parseInput, refusedMembers, stackContent, text } from './input.ts';
import type { OperationParts } from './operation-parts.ts';
import type { Stack, StackEngine, StackInput, StackPlan } from './stack.ts';
import type { Review } from './stack-list.ts';
import { stackInput, withRefusals } from './stack-request.ts';
import { checkUpdatable } from './stack-status.ts';
import { isLocalRefusal, refusal } from './template-refusal.ts';
import { validationError } from './validation-error.ts';

const changeSetName = z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'takes letters, digits and -');

const inputs = {
  create: z.strictObject({
    ...stackContent,
    ...refusedMembers,
    ChangeSetName: changeSetName,
    ChangeSetType: z.enum(['CREATE', 'UPDATE', 'IMPORT']).default('UPDATE'),
    UsePreviousTemplate: flag.optional(),
    Description: z.string().optional(),
    ClientToken: text.optional(),
    OnStackFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
    IncludeNestedStacks: flag.optional(),
    ImportExistingResources: flag.optional(),
    DeploymentMode: z.literal('REVERT_DRIFT').optional(),
  }),
  describe: z.strictObject({
    ChangeSetName: text,
    StackName: text.optional(),
    NextToken: text.optional(),
    IncludePropertyValues: flag.optional(),
  }),
  execute: z.strictObject({
    ChangeSetName: text,
    StackName: text.optional(),
    ClientRequestToken: text.optional(),
    DisableRollback: flag.optional(),
    RetainExceptOnCreate: flag.optional(),
  }),
  one: z.strictObject({ ChangeSetName: text, StackName: text.optional() }),
  list: z.strictObject({ StackName: text, NextToken: text.optional() }),
};

/** The operations of change sets. A change set is complete, or has failed, when CreateChangeSet answers. */
export function changeSetOperations(parts: OperationParts): Readonly<Record<string, Operation>> {
  const { stacks, changeSets, engine, running } = parts;
  const stored = (name: string) => parts.parameters.get(name)?.value;
  const find = ({ ChangeSetName, StackName }: { ChangeSetName: string; StackName?: string | undefined }): ChangeSet => {
    const stack = StackName === undefined ? undefined : stacks.existing(StackName);
    if (stack === undefined && !ChangeSetName.startsWith('arn:')) {
      throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    return changeSets.existing(ChangeSetName, stack);
  };

  return {
    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
    CreateChangeSet: async (input, context) => {
      const request = parseInput(inputs.create, input);
      const { ChangeSetName: name, ChangeSetType: type } = request;
      if (type === 'IMPORT') {
        throw validationError(
          'ChangeSetType IMPORT is not supported by the local endpoint. With ImportExistingResources, an update ' +
            'takes over the resources that have the names in the template.',
        );
      }
      const existing = stacks.find(request.StackName);
      checkStackState(existing, request, type);
      if (changeSets.find(name, existing) !== undefined) {
        throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists for stack ${existing?.name}`);
      }
      const wanted: StackInput = {
        ...(await stackInput(request, existing, parts)),
        ...(request.ImportExistingResources && { adopt: true }),
        ...(request.DeploymentMode === 'REVERT_DRIFT' && { revertsDrift: true }),
      };
      // A template that is refused must leave no stack in review.
      const outcome = await planned(engine(), wanted);
      const review = type === 'CREATE' ? announced(wanted.name, parts, context) : undefined;
      const stackId = review?.id ?? existing?.id ?? '';
      const stackName = wanted.name;
      const { OnStackFailure: onFailure, Description: description } = request;
      const changeSet: ChangeSet = {
        id: `arn:aws:cloudformation:${context.region}:${context.accountId}:changeSet/${name}/${parts.random.uuid()}`,
        ...{ name, stackId, stackName, input: { ...wanted, ...(review && { id: review.id }) } },
        ...(description !== undefined && { description }),
        ...(onFailure !== undefined && { onFailure }),
        disablesRollback: disablesRollback(request.DeploymentConfig),
        createdAtMs: parts.clock.now(),
        ...outcome,
        executionStatus: outcome.status === 'FAILED' ? 'UNAVAILABLE' : 'AVAILABLE',
      };
      changeSets.put(changeSet);
      return { Id: changeSet.id, StackId: stackId };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
    DescribeChangeSet: async (input) => {
      const request = parseInput(inputs.describe, input);
      const changeSet = find(request);
      const { items, NextToken } = pageOf(changeSet.changes, request.NextToken);
      return { ...describeChangeSet(changeSet, stored), Changes: items.map(describeChange), NextToken };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html */
    ExecuteChangeSet: async (input) => {
      const {
        ClientRequestToken: token,
        DisableRollback,
        RetainExceptOnCreate,
        ...one
      } = parseInput(inputs.execute, input);
      const changeSet = find(one);
      if (changeSet.executionStatus !== 'AVAILABLE') {
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${statusOf(changeSet)}]`,
        );
      }
      changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
      try {
        const operation = await withRefusals(() =>
          engine().deploy({
            ...changeSet.input,
            disableRollback: DisableRollback ?? changeSet.disablesRollback ?? changeSet.onFailure === 'DO_NOTHING',
            retainExceptOnCreate: RetainExceptOnCreate,
            clientRequestToken: token,
          }),
        );
        if (stacks.review(changeSet.stackName)?.terminationProtection) {
          await engine().protect(operation.stackId, true);
        }
        stacks.forgetReview(changeSet.stackName);
        changeSets.removeOthers(changeSet.stackId, changeSet);
        const done = operation.done.then((stack) => {
          changeSet.executionStatus =
            stack.status.endsWith('COMPLETE') && !stack.status.includes('ROLLBACK')
              ? 'EXECUTE_COMPLETE'
              : 'EXECUTE_FAILED';
          return stack;
        });
        await running.follow({ ...operation, done }, { isDeletedOnFailure: changeSet.onFailure === 'DELETE' });
      } catch (error) {
        changeSet.executionStatus = 'AVAILABLE';
        throw error;
      }
      return {};
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html */
    DeleteChangeSet: async (input) => {
      const { ChangeSetName, StackName } = parseInput(inputs.one, input);
      const stack = StackName === undefined ? undefined : stacks.existing(StackName);
      const changeSet = changeSets.find(ChangeSetName, stack);
      if (changeSet?.executionStatus === 'EXECUTE_IN_PROGRESS') {
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${changeSet.id}] cannot be deleted in its current status of [EXECUTE_IN_PROGRESS]`,
        );
      }
      if (changeSet !== undefined) changeSets.remove(changeSet);
      return {};
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html */
    ListChangeSets: async (input) => {
      const { StackName, NextToken: token } = parseInput(inputs.list, input);
      const { items, NextToken } = pageOf(changeSets.of(stacks.existing(StackName).id), token);
      return { Summaries: items.map(summarizeChangeSet), NextToken };
    },
  };
}

function statusOf({ status, executionStatus }: ChangeSet): string {
  return status === 'FAILED' ? status : executionStatus;
}

/** Throws AwsError `ValidationError` for a change set that the stack's state does not allow. */
function checkStackState(
  existing: Stack | undefined,
  { StackName, ChangeSetName }: { StackName: string; ChangeSetName: string },
  type: 'CREATE' | 'UPDATE',
): void {
  if (type === 'UPDATE') {
    if (existing === undefined) throw validationError(`Stack [${StackName}] does not exist`);
    checkUpdatable(existing);
  } else if (existing !== undefined && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
    );
  }
}

/** The stack of a change set that creates one: it is in review until then. */
function announced(name: string, { stacks, clock, random }: OperationParts, context: RequestContext): Review {
  const known = stacks.review(name);
  if (known !== undefined) return known;
  const id = `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${name}/${random.uuid()}`;
  const review = { id, name, createdAtMs: clock.now(), terminationProtection: false };
  stacks.announce(review);
  return review;
}

type Outcome = Pick<ChangeSet, 'status' | 'statusReason' | 'changes' | 'problems'>;

/**
 * What the change set would change. A template that AWS would take, and the endpoint cannot run, makes a change set
 * that failed, with every problem. Throws AwsError `ValidationError` for the template's own errors.
 */
async function planned(engine: StackEngine, input: StackInput): Promise<Outcome> {
  const failed = (statusReason: string): Outcome => ({ status: 'FAILED', statusReason, changes: [], problems: [] });
  let plan: StackPlan;
  try {
    plan = await engine.plan(input);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    if (!isLocalRefusal(error)) throw refusal(error);
    return { ...failed(error.message), problems: error.problems };
  }
  if (plan.changes.length === 0 && !plan.changesStack) return failed(NO_CHANGES);
  return { status: 'CREATE_COMPLETE', changes: plan.changes, problems: [] };
}
