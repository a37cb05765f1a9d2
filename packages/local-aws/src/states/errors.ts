const ERROR_CHARACTERS = 256;
const CAUSE_CHARACTERS = 32_768;

/** Where an expression failed, for the `EvaluationFailed` event. */
export interface EvaluationPlace {
  /** The state's name. */
  state: string;
  /** The field with slashes: `Arguments/FunctionName`, `Choices[0]/Condition`. */
  location: string;
  /**
   * AWS chains the event to what came before the state when an expression failed at its start, and to the state when
   * its value did.
   */
  beforeState: boolean;
}

/**
 * How a state or an execution fails: `error` is the name that Retry and Catch match, `causeText` what people read.
 * Both are cut to what the API can carry: 256 and 32,768 characters.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html}
 */
export class StateError extends Error {
  readonly error: string | undefined;
  readonly causeText: string | undefined;
  readonly place: EvaluationPlace | undefined;

  constructor(error: string | undefined, causeText?: string, place?: EvaluationPlace) {
    super(causeText ?? error ?? 'The state failed.');
    this.name = 'StateError';
    this.error = error?.slice(0, ERROR_CHARACTERS);
    this.causeText = causeText?.slice(0, CAUSE_CHARACTERS);
    this.place = place;
  }
}

/**
 * Thrown inside a thread of an execution that was stopped: by a timeout, by a failed sibling or by `stop()`. Nothing
 * catches it in a definition.
 */
export class Stopped extends Error {
  constructor() {
    super('The execution was stopped.');
    this.name = 'Stopped';
  }
}

/**
 * A payload over 256 KiB. `who` is the state, or the service of a task. Matched by its own name only, never by
 * States.ALL.
 */
export function dataLimitExceeded(who: string): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
