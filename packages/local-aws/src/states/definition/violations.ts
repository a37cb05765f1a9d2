import { AwsError } from '../../gateway/aws-error.ts';

/**
 * The codes of AWS's diagnostics. The two of JSONata are not documented: https://github.com/floci-io/floci/issues/2745
 * measured them.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html}
 */
export type ViolationCode =
  | 'SCHEMA_VALIDATION_FAILED'
  | 'INVALID_JSON_DESCRIPTION'
  | 'MISSING_TRANSITION_TARGET'
  | 'MISSING_END_STATE'
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_JSONATA_EXPRESSION';

/** One reason why a definition is refused. */
export interface Violation {
  readonly code: ViolationCode;
  readonly message: string;
  /** A path from the definition's root: `/States/Store/Retry[0]`, `/` for the root. Undefined: the whole text. */
  readonly location: string | undefined;
  /** Whether AWS would run it. */
  readonly isOnlyHere: boolean;
}

/** Collects all violations of a definition, to report them at once. */
export class Violations {
  readonly found: Violation[] = [];

  /** Adds a violation at a path from the root, '' for the root. */
  add(place: string, message: string, code: ViolationCode = 'SCHEMA_VALIDATION_FAILED'): void {
    this.found.push({ code, message, location: place || '/', isOnlyHere: false });
  }

  /** Adds what AWS would run and the local runtime does not, at a path from the root. */
  addOnlyHere(place: string, message: string): void {
    this.found.push({ code: 'SCHEMA_VALIDATION_FAILED', message, location: place || '/', isOnlyHere: true });
  }

  /** Adds a violation of the definition as a whole. AWS gives it no location. */
  addOverall(message: string, code: ViolationCode = 'SCHEMA_VALIDATION_FAILED'): void {
    this.found.push({ code, message, location: undefined, isOnlyHere: false });
  }

  /** `InvalidDefinition` in AWS's words, with every violation. */
  refusal(): AwsError {
    const texts = this.found.map(({ code, message, location }) => `${code}: ${message} at ${location ?? null}`);
    return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${texts.join(', ')}'`);
  }
}
