/**
 * The folder is not a cloud assembly, or not one that the runtime can use. The message names the problem and the
 * command to run. Not retryable.
 */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

/**
 * Why a template cannot run. `UnsupportedResource` and `UnsupportedProperty`: valid on AWS, not honoured locally.
 * `InvalidProperty`: a value that AWS refuses too, when it validates the properties of the resource.
 * `UnsupportedFunction` and `UnsupportedSection`: template language that the runtime does not evaluate. The rest are
 * errors of the template itself.
 */
export type ProblemKind =
  | 'UnsupportedResource'
  | 'UnsupportedProperty'
  | 'InvalidProperty'
  | 'UnsupportedFunction'
  | 'UnsupportedSection'
  | 'UnresolvedReference'
  | 'MalformedFunction'
  | 'ParameterWithoutValue'
  | 'RuleViolation'
  | 'DependencyCycle';

/**
 * One problem of a template. `at` is the logical id and the path below it
 * (`IngestPipe.SourceParameters.KinesisStreamParameters.X`).
 */
export interface Problem {
  kind: ProblemKind;
  at: string;
  /** The problem and its remedy, as a sentence. */
  message: string;
  /** CloudFormation's sentence for an error of the template itself, where it is known. */
  awsMessage?: string;
}

/** A template that cannot run. Holds all problems, to fix them at once. Not retryable. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly problems: readonly Problem[];

  /** `remedy`: a last line, for several problems. */
  constructor(stackName: string, problems: readonly Problem[], remedy?: string) {
    const lines = problems.map((problem) => `  ${problem.kind} at ${problem.at}: ${problem.message}`);
    const last = remedy === undefined ? '' : `\n${remedy}`;
    super(`The template of stack ${stackName} cannot run locally:\n${lines.join('\n')}${last}`);
    this.problems = problems;
  }
}

/** A resource in the data folder differs from the template in a way that cannot be changed in place. */
export class ShapeDiffers extends Error {
  override readonly name = 'ShapeDiffers';
  readonly logicalId: string;

  constructor(logicalId: string, physicalName: string, differences: readonly string[]) {
    super(
      `${logicalId} exists in the data folder as ${physicalName}, but ${differences.join(', and ')}. ` +
        'Start with --fresh to begin empty, or with --data to use another folder.',
    );
    this.logicalId = logicalId;
  }
}

/**
 * A change that AWS makes neither in place nor by a replacement, or that the engines here cannot make. The message
 * names the remedy. Not retryable.
 */
export class CannotUpdate extends Error {
  /** The code of CloudFormation's resource handlers. */
  override readonly name = 'InvalidRequest';
}

/** One or more resources could not be created; each message names its logical id. */
export class StackLoadError extends Error {
  override readonly name = 'StackLoadError';
  readonly failures: readonly Error[];

  constructor(stackName: string, failures: readonly Error[]) {
    super(`Stack ${stackName} could not be created:\n${failures.map((failure) => `  ${failure.message}`).join('\n')}`, {
      cause: failures[0],
    });
    this.failures = failures;
  }
}
