import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@tweet-pipes/kit/clock';
import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';
import type { Definition } from '../definition/definition.ts';
import { parseDefinition } from '../definition/parse-definition.ts';
import { checkStateMachineArn, stateMachineArn } from './arn.ts';
import { type CreateStateMachineInput, checkName } from './input.ts';

export interface StateMachine {
  readonly arn: string;
  readonly creationDate: Date;
  readonly created: CreateStateMachineInput;
  readonly definition: Definition;
}

/** The state machines by ARN, in memory: they are created anew at each start of the runtime. */
export class StateMachines {
  readonly #clock: Clock;
  readonly #byArn = new Map<string, StateMachine>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Creates a state machine; the same request again answers with the first one. Throws `InvalidDefinition`,
   * `InvalidName`, `InvalidLoggingConfiguration`, `StateMachineTypeNotSupported` for STANDARD,
   * `StateMachineAlreadyExists` for the name with another content.
   */
  create(input: CreateStateMachineInput, context: RequestContext): StateMachine {
    checkName(input.name);
    if (input.type !== 'EXPRESS') {
      throw new AwsError(
        'StateMachineTypeNotSupported',
        `State machine '${input.name}' has type ${input.type}: the local runtime runs EXPRESS state machines only`,
      );
    }
    checkLogging(input);
    const definition = parseDefinition(input.definition);
    const arn = stateMachineArn(input.name, context);
    const existing = this.#byArn.get(arn);
    if (existing !== undefined) {
      if (isDeepStrictEqual(existing.created, input)) return existing;
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const machine = { arn, creationDate: new Date(this.#clock.now()), created: input, definition };
    this.#byArn.set(arn, machine);
    return machine;
  }

  /** Throws `InvalidArn` or `StateMachineDoesNotExist`. */
  get(arn: string): StateMachine {
    checkStateMachineArn(arn);
    const machine = this.#byArn.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** Deleting what is not there succeeds, as on AWS. Running executions end by themselves. */
  delete(arn: string): void {
    checkStateMachineArn(arn);
    this.#byArn.delete(arn);
  }

  /** By name. */
  list(): StateMachine[] {
    return [...this.#byArn.values()].sort((a, b) => (a.created.name < b.created.name ? -1 : 1));
  }
}

/** On AWS a log needs exactly one destination. Here the history is kept in memory, so there may be none. */
function checkLogging({ loggingConfiguration: { destinations = [] } }: CreateStateMachineInput): void {
  if (destinations.length <= 1) return;
  throw new AwsError(
    'InvalidLoggingConfiguration',
    'Invalid Logging Configuration: Must specify exactly one Log Destination.',
  );
}
