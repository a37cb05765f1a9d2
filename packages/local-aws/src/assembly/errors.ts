/**
 * The folder is no cloud assembly, or not one this runtime can use. The message says what was found and what to run.
 */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

/**
 * Why a template cannot run here. `UnsupportedResource` and `UnsupportedProperty`: valid on AWS, not honoured locally.
 * `UnsupportedFunction` and `UnsupportedSection`: template language that the runtime does not evaluate. The rest are
 * faults of the template itself.
 */
export type ProblemKind =
  | 'UnsupportedResource'
  | 'UnsupportedProperty'
  | 'UnsupportedFunction'
  | 'UnsupportedSection'
  | 'UnresolvedReference'
  | 'MalformedFunction'
  | 'ParameterWithoutValue'
  | 'DependencyCycle';

/**
 * One fault of a template: `at` is the logical id and the path below it
 * (`IngestPipe.SourceParameters.KinesisStreamParameters.X`).
 */
export interface Problem {
  kind: ProblemKind;
  at: string;
  /** What was found and what to do, as a sentence. */
  message: string;
}

/** Everything that keeps a template from running, in one error, so that nobody fixes them one start at a time. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly problems: readonly Problem[];

  constructor(stackName: string, problems: readonly Problem[]) {
    const lines = problems.map((problem) => `  ${problem.kind} at ${problem.at}: ${problem.message}`);
    super(`The template of stack ${stackName} cannot run locally:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** A resource that lives in the data folder is not the one the template describes, and cannot be changed into it. */
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
