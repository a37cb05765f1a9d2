const ERROR_CHARACTERS = 256;
const CAUSE_CHARACTERS = 32_768;

/** The place of a failed expression, for the `EvaluationFailed` event. */
export interface EvaluationPlace {
  /** The state's name. */
  state: string;
  /** The field with slashes: `Arguments/FunctionName`, `Choices[0]/Condition`. */
  location: string;
  /**
   * True for an expression that failed when the state started: AWS chains the event to the event before the state.
   * False for an expression whose value is wrong: AWS chains the event to the state.
   */
  beforeState: boolean;
}

/**
 * The failure of a state or an execution. `error` is the name that Retry and Catch match, `causeText` the explanation.
 * Both are cut to the API's limits: 256 and 32,768 characters.
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
 * Thrown inside a thread of an execution that was stopped by a timeout, by a failed sibling or by `stop()`. A
 * definition cannot catch it.
 */
export class Stopped extends Error {
  constructor() {
    super('The execution was stopped.');
    this.name = 'Stopped';
  }
}

/**
 * The error for a payload over 256 KiB. `source` is the state, or the service of a task. Retry and Catch match it by
 * its own name only, never by States.ALL.
 */
export function dataLimitExceeded(source: string): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
