import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Asset } from '../assembly/read-assembly.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

/** The status of one resource; the resource events of a stack have the same. */
export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED';

/** A resource that a stack owns. */
export interface StackResource {
  readonly logicalId: string;
  /** `AWS::Kinesis::Stream` */
  readonly type: string;
  /** Its name, from its properties or generated. */
  readonly physicalName: string;
  /** What `Ref` gives: the physical id. Empty until the resource is created. */
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As they were when it was created or last updated, with every function resolved. */
  readonly properties: JsonObject;
  readonly deletionPolicy: DeletionPolicy;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  readonly updatedAtMs: number;
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html, without
 * Snapshot: nothing that runs here has snapshots.
 */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

/** One event of a stack, of the stack itself where `logicalId` is its name. */
export interface StackEvent {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
  readonly atMs: number;
  readonly clientRequestToken?: string;
}

export interface StackOutputValue {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A stack as it is stored, in its latest state. */
export interface Stack {
  /** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>` */
  readonly id: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly description?: string;
  /** The template as it was given, JSON or YAML. Of the last operation that succeeded. */
  readonly templateText: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly outputs: readonly StackOutputValue[];
  /** Names of the exports that it imports. */
  readonly imports: readonly string[];
  readonly resources: readonly StackResource[];
  readonly createdAtMs: number;
  readonly updatedAtMs?: number;
  readonly deletedAtMs?: number;
  readonly disableRollback: boolean;
  readonly terminationProtection: boolean;
  readonly roleArn?: string;
}

/** What a stack shall become. */
export interface StackInput {
  readonly name: string;
  /** The id of a new stack that a change set has announced already. Default: a new one. */
  readonly id?: string;
  readonly templateText: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  readonly roleArn?: string;
  readonly disableRollback?: boolean;
  /** Whether a rollback also deletes what was created and shall be retained. Default: it stays. */
  readonly retainExceptOnCreate?: boolean | undefined;
  readonly clientRequestToken?: string | undefined;
  /** Files by object key, of a stack of a cloud assembly. Others are in the buckets of the endpoint. */
  readonly assets?: ReadonlyMap<string, Asset>;
  /**
   * Whether a resource of the same name that no stack owns is taken over, as at each start of a runtime with data of an
   * earlier version. Default: such a name is in use (`AlreadyExists`) if the template gives it, else another is
   * generated.
   */
  readonly adopt?: boolean;
  /**
   * Whether nothing exists but what stacks have made, as in a new data folder. Then nothing is looked for before it is
   * created. Default: false.
   */
  readonly isAccountEmpty?: boolean;
  /**
   * Whether what clients have changed past the stack becomes what the stack says, although its template is the same.
   */
  readonly revertsDrift?: boolean;
}

/**
 * What would happen to one resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** Of Modify. `Conditional`: it depends on a value that is known only while it runs. */
  readonly replacement?: 'True' | 'False' | 'Conditional';
  /** What happens to the old one of a replacement or removal. */
  readonly policyAction?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain';
  /** Property names that change. */
  readonly properties: readonly { readonly name: string; readonly recreates: 'Never' | 'Conditionally' | 'Always' }[];
  /** Whether tags change. */
  readonly changesTags: boolean;
}

/** What a deployment would do. */
export interface StackPlan {
  /** Whether the stack does not exist yet. */
  readonly isCreation: boolean;
  /** Empty: nothing to do. Outputs and tags of the stack may change alone, see `changesStack`. */
  readonly changes: readonly ResourceChange[];
  /** Whether outputs, stack tags or the like change. */
  readonly changesStack: boolean;
}

/** What each operation on a stack that exists takes. */
export interface OperationOptions {
  readonly clientRequestToken?: string | undefined;
}

/** What a rollback of an update leaves as it is, although its stack then says something else. */
export interface RollbackOptions {
  /** Logical ids of resources. Default: none. */
  readonly skip?: readonly string[] | undefined;
  /** Whether to leave those too that cannot be set back. Default: false. */
  readonly isForced?: boolean | undefined;
}

/** An operation that runs. */
export interface StackOperation {
  readonly stackId: string;
  /** Resolves with the stack in its final status, also after a rollback. Rejects only for defects. */
  readonly done: Promise<Stack>;
}

/**
 * The one place where resources are created, changed and deleted. One operation at a time for each stack. All throw
 * AwsError `ValidationError` with CloudFormation's sentences (`Stack [X] does not exist`, `No updates are to be
 * performed.`, `Stack:arn:… is in UPDATE_IN_PROGRESS state and can not be updated.`). What the runtime does not support
 * is found by `plan` and `deploy` before anything changes: TemplateError, with every problem.
 */
export interface StackEngine {
  plan(input: StackInput): Promise<StackPlan>;
  /** Creates or updates a stack. Returns once the operation has begun. */
  deploy(input: StackInput): Promise<StackOperation>;
  /**
   * During a creation, ends it first. `retain`: logical ids that are kept although they can be deleted, only after
   * DELETE_FAILED.
   */
  remove(nameOrId: string, options?: OperationOptions & { retain?: readonly string[] }): Promise<StackOperation>;
  /** Ends an update that runs, and rolls it back. */
  cancelUpdate(nameOrId: string, options?: OperationOptions): Promise<StackOperation>;
  /** Rolls back a stack whose creation or update has failed with rollback disabled. */
  rollBack(
    nameOrId: string,
    options?: OperationOptions & { retainExceptOnCreate?: boolean | undefined },
  ): Promise<StackOperation>;
  /** Goes on with a rollback of an update that has failed. */
  continueRollback(nameOrId: string, options?: OperationOptions & RollbackOptions): Promise<StackOperation>;
  /** Sets termination protection. */
  protect(nameOrId: string, isProtected: boolean): Promise<Stack>;
  /** By name or id; deleted stacks by id alone. */
  find(nameOrId: string): Stack | undefined;
  /** Newest first. Deleted ones included. */
  stacks(): readonly Stack[];
  /** Newest first. */
  events(stackId: string): readonly StackEvent[];
}

/** A resource of a stack as it is now, which is not what its stack says where a client has changed it since. */
export interface OwnedResource {
  readonly stackId: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue` */
  readonly type: string;
  /** What `Ref` gives. */
  readonly ref: string;
  readonly physicalName: string;
  readonly properties: JsonObject;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Resources of stacks one by one, past their stacks: the stack's template and properties stay, so that its next change
 * of the resource overwrites what was changed here.
 */
export interface ResourceEngine {
  /** By what `Ref` gives, or by name. */
  findResource(type: string, identifier: string): OwnedResource | undefined;
  /**
   * Gives a resource other properties, all of them. Returns when they have their effect. Throws AwsError
   * `NotUpdatableException` for a change that would replace it, `InvalidRequestException` for properties that it cannot
   * have, `ConcurrentOperationException` while it or its stack changes; and what its service throws.
   */
  changeResource(resource: OwnedResource, properties: JsonObject): Promise<void>;
}
