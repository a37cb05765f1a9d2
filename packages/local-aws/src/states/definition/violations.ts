import { AwsError } from '../../gateway/aws-error.ts';

export type ViolationCode =
  | 'SCHEMA_VALIDATION_FAILED'
  | 'INVALID_JSON_DESCRIPTION'
  | 'MISSING_TRANSITION_TARGET'
  | 'DUPLICATE_STATE_NAME';

/** Collects all violations of a definition, to report them at once. */
export class Violations {
  readonly #found: string[] = [];

  /** `place` is a path from the definition's root: `/States/Store/Retry[0]`, `/` for the root. */
  add(place: string, message: string, code: ViolationCode = 'SCHEMA_VALIDATION_FAILED'): void {
    this.#found.push(`${code}: ${message} at ${place === '' ? '/' : place}`);
  }

  /** Throws `InvalidDefinition` in AWS's words if there is a violation. */
  throwIfAny(): void {
    if (this.#found.length > 0) {
      throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${this.#found.join(', ')}'`);
    }
  }
}
