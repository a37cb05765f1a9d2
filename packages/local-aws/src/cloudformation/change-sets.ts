import type { Problem } from '../assembly/errors.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { ResourceChange, Stack, StackInput } from './stack.ts';

/** A change set: what a stack shall become, and what that would change. */
export interface ChangeSet {
  /** `arn:aws:cloudformation:<region>:<account>:changeSet/<name>/<uuid>` */
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly description?: string;
  readonly input: StackInput;
  readonly onFailure?: 'DO_NOTHING' | 'ROLLBACK' | 'DELETE';
  /** Whether its execution is not rolled back, where the change set says so. */
  readonly disablesRollback: boolean | undefined;
  readonly createdAtMs: number;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly changes: readonly ResourceChange[];
  /** Why the endpoint cannot run it. Empty for any other failure. */
  readonly problems: readonly Problem[];
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
}

/** The reason of a change set that would change nothing. Tools compare it. */
export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** The change sets of all stacks. They end with the process. */
export class ChangeSets {
  readonly #byId = new Map<string, ChangeSet>();

  put(changeSet: ChangeSet): void {
    this.#byId.set(changeSet.id, changeSet);
  }

  /** By its id, or by its name and its stack. */
  find(nameOrId: string, stack: Stack | undefined): ChangeSet | undefined {
    const byId = this.#byId.get(nameOrId);
    if (byId !== undefined) return byId;
    return this.of(stack?.id ?? '').find(({ name }) => name === nameOrId);
  }

  /** As {@link find}. Throws AwsError `ChangeSetNotFound`. */
  existing(nameOrId: string, stack: Stack | undefined): ChangeSet {
    const found = this.find(nameOrId, stack);
    if (found !== undefined) return found;
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, { statusCode: 404 });
  }

  /** Those of a stack, in the order of their creation. */
  of(stackId: string): ChangeSet[] {
    return [...this.#byId.values()].filter((changeSet) => changeSet.stackId === stackId);
  }

  remove({ id }: ChangeSet): void {
    this.#byId.delete(id);
  }

  /** Removes those of a stack that another change has made out of date. */
  removeOthers(stackId: string, except?: ChangeSet): void {
    for (const each of this.of(stackId)) if (each.id !== except?.id) this.remove(each);
  }
}
