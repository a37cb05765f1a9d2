import type { Stack, StackEngine, StackEvent } from './stack.ts';
import { USER_INITIATED } from './stack-status.ts';
import { validationError } from './validation-error.ts';

/** A stack that a change set has announced, and that nothing has been created of. */
export interface Review {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** Of the stack once it is created. */
  terminationProtection: boolean;
}

/**
 * The stacks of the engine, and those that change sets have announced: they are in REVIEW_IN_PROGRESS until a change
 * set is executed. The latter end with the process.
 */
export class StackList {
  readonly #engine: () => StackEngine;
  readonly #reviews = new Map<string, Review>();

  constructor(engine: () => StackEngine) {
    this.#engine = engine;
  }

  /** By name or id; deleted stacks by id alone. */
  find(nameOrId: string): Stack | undefined {
    const found = this.#engine().find(nameOrId);
    if (found !== undefined) return found;
    const review = [...this.#reviews.values()].find(({ id, name }) => name === nameOrId || id === nameOrId);
    return review && inReview(review);
  }

  /**
   * As {@link find}. Throws AwsError `ValidationError` with the sentence of an operation that describes stacks: tools
   * compare it.
   */
  describable(nameOrId: string): Stack {
    return this.find(nameOrId) ?? refuse(`Stack with id ${nameOrId} does not exist`);
  }

  /** As {@link find}. Throws AwsError `ValidationError` with the sentence of other operations. */
  existing(nameOrId: string): Stack {
    return this.find(nameOrId) ?? refuse(`Stack [${nameOrId}] does not exist`);
  }

  /** Newest first, without deleted ones unless asked for. */
  all({ isDeletedToo = false } = {}): Stack[] {
    const reviews = [...this.#reviews.values()].map(inReview);
    const stacks = this.#engine().stacks();
    return [...reviews, ...(isDeletedToo ? stacks : stacks.filter(({ status }) => status !== 'DELETE_COMPLETE'))];
  }

  /** Newest first. */
  events(stack: Stack): readonly StackEvent[] {
    if (stack.status !== 'REVIEW_IN_PROGRESS') return this.#engine().events(stack.id);
    const { id, name, status, createdAtMs } = stack;
    const type = 'AWS::CloudFormation::Stack';
    return [
      {
        eventId: `${name}-review`,
        logicalId: name,
        physicalId: id,
        type,
        status,
        reason: USER_INITIATED,
        atMs: createdAtMs,
      },
    ];
  }

  announce(review: Review): void {
    this.#reviews.set(review.name, review);
  }

  review(name: string): Review | undefined {
    return this.#reviews.get(name);
  }

  /** When it is created, or given up. */
  forgetReview(name: string): void {
    this.#reviews.delete(name);
  }
}

function refuse(message: string): never {
  throw validationError(message);
}

function inReview({ id, name, createdAtMs, terminationProtection }: Review): Stack {
  return {
    id,
    name,
    status: 'REVIEW_IN_PROGRESS',
    statusReason: USER_INITIATED,
    templateText: '',
    parameters: {},
    tags: {},
    capabilities: [],
    outputs: [],
    imports: [],
    resources: [],
    createdAtMs,
    disableRollback: false,
    terminationProtection,
  };
}
