import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';
import type { Definition } from '../definition/definition.ts';
import { parseDefinition } from '../definition/parse-definition.ts';
import { checkStateMachineArn, stateMachineArn } from './arn.ts';
import { type CreateStateMachineInput, checkName, type UpdateStateMachineInput } from './input.ts';

export interface StateMachine {
  readonly arn: string;
  readonly creationDate: Date;
  readonly created: CreateStateMachineInput;
  readonly definition: Definition;
  /** Undefined until the first update. */
  readonly revisionId?: string;
}

type Tags = CreateStateMachineInput['tags'];

/** State machines by ARN, in memory. The runtime creates them at each start. */
export class StateMachines {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #byArn = new Map<string, StateMachine>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Creates a state machine. An identical request returns the existing one. Throws `InvalidDefinition`, `InvalidName`,
   * `InvalidLoggingConfiguration`, `StateMachineTypeNotSupported` for STANDARD, `StateMachineAlreadyExists` if the name
   * exists with other content.
   */
  create(input: CreateStateMachineInput, context: RequestContext): StateMachine {
    checkName(input.name);
    if (input.type !== 'EXPRESS') {
      throw new AwsError(
        'StateMachineTypeNotSupported',
        `State machine '${input.name}' has type ${input.type}: the local runtime runs EXPRESS state machines only`,
      );
    }
    checkLogging(input.loggingConfiguration);
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

  /**
   * Replaces what the input names. Running executions continue with the definition they started with. Throws as
   * {@link create} and {@link get} do, and `MissingRequiredParameter` when the input names nothing.
   */
  update({ stateMachineArn, ...members }: UpdateStateMachineInput): { updateDate: Date; revisionId: string } {
    const machine = this.get(stateMachineArn);
    const changes = Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
    if (Object.keys(changes).length === 0) {
      throw new AwsError(
        'MissingRequiredParameter',
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
      );
    }
    if (members.loggingConfiguration !== undefined) checkLogging(members.loggingConfiguration);
    const definition = members.definition === undefined ? machine.definition : parseDefinition(members.definition);
    const revisionId = this.#random.uuid();
    this.#byArn.set(machine.arn, { ...machine, created: { ...machine.created, ...changes }, definition, revisionId });
    return { updateDate: new Date(this.#clock.now()), revisionId };
  }

  /** Replaces the tags of a state machine. Throws as {@link get} does. */
  tag(arn: string, change: (tags: Tags) => Tags): void {
    const machine = this.get(arn);
    this.#byArn.set(arn, { ...machine, created: { ...machine.created, tags: change(machine.created.tags) } });
  }

  /** Throws `InvalidArn` or `StateMachineDoesNotExist`. */
  get(arn: string): StateMachine {
    checkStateMachineArn(arn);
    const machine = this.#byArn.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** Deletes a state machine. An unknown one is no error, as on AWS. Running executions continue. */
  delete(arn: string): void {
    checkStateMachineArn(arn);
    this.#byArn.delete(arn);
  }

  /** All state machines, sorted by name. */
  list(): StateMachine[] {
    return [...this.#byArn.values()].sort((a, b) => (a.created.name < b.created.name ? -1 : 1));
  }
}

/** AWS requires exactly one log destination. The history is kept in memory here, so none is allowed too. */
function checkLogging({ destinations = [] }: CreateStateMachineInput['loggingConfiguration']): void {
  if (destinations.length <= 1) return;
  throw new AwsError(
    'InvalidLoggingConfiguration',
    'Invalid Logging Configuration: Must specify exactly one Log Destination.',
  );
}
