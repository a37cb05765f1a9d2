import { join } from 'node:path';
import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';
import { AwsError } from '../gateway/aws-error.ts';

const parameterSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['String', 'StringList']),
  value: z.string(),
  /** 1 for a new one, one more at each change. */
  version: z.int().min(1),
  description: z.string().optional(),
  /** A regular expression that each value must match. */
  allowedPattern: z.string().optional(),
  dataType: z.enum(['text', 'aws:ec2:image']),
  changedAtMs: z.number(),
});
const stateSchema = z.strictObject({ parameters: z.array(parameterSchema) });

/** A parameter in its latest version. */
export type Parameter = z.infer<typeof parameterSchema>;

/** What PutParameter gives. */
export type ParameterInput = Omit<Parameter, 'version' | 'changedAtMs'>;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: the standard tier. */
const VALUE_LIMIT_BYTES = 4_096;
const NAME = /^[\w.\-/]{1,1011}$/;

/** The parameters of Systems Manager, in their latest version. Kept in `<data folder>/ssm/parameters.json`. */
export class ParameterStore {
  readonly #parameters: Map<string, Parameter>;
  readonly #file: DurableFile;
  readonly #clock: Clock;

  private constructor(file: string, parameters: readonly Parameter[], clock: Clock) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.#file = new DurableFile(file, () => ({ parameters: this.all() }));
    this.#clock = clock;
  }

  /** Rejects with DataFolderError for a file that does not fit. */
  static async open(dataFolder: string, clock: Clock): Promise<ParameterStore> {
    const file = join(dataFolder, 'ssm', 'parameters.json');
    const state = await readDurable(file, stateSchema);
    return new ParameterStore(file, state?.parameters ?? [], clock);
  }

  get(name: string): Parameter | undefined {
    return this.#parameters.get(name);
  }

  /** By name. */
  all(): readonly Parameter[] {
    return [...this.#parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Creates a parameter, or changes it with `overwrite`. Returns once it is on disk. Throws AwsError
   * `ParameterAlreadyExists`, `ParameterPatternMismatchException` and `ValidationException`.
   */
  async put(input: ParameterInput, { overwrite }: { overwrite: boolean }): Promise<Parameter> {
    const known = this.#parameters.get(input.name);
    checkParameter(input);
    if (known !== undefined && !overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const parameter = { ...input, version: (known?.version ?? 0) + 1, changedAtMs: this.#clock.now() };
    this.#parameters.set(input.name, parameter);
    await this.#file.save();
    return parameter;
  }

  /** Whether there was one. Returns once the change is on disk. */
  async delete(name: string): Promise<boolean> {
    if (!this.#parameters.delete(name)) return false;
    await this.#file.save();
    return true;
  }
}

function checkParameter({ name, value, allowedPattern }: ParameterInput): void {
  if (!NAME.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError(
      'ValidationException',
      `Parameter name ${name} is not valid. It takes A-Z a-z 0-9 _ . - and /, and does not begin with aws or ssm.`,
    );
  }
  if (Buffer.byteLength(value) > VALUE_LIMIT_BYTES) {
    throw new AwsError(
      'ValidationException',
      `Standard tier parameters support a maximum parameter value of ${VALUE_LIMIT_BYTES} characters.`,
    );
  }
  if (allowedPattern !== undefined && !matches(allowedPattern, value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  }
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch (cause) {
    throw new AwsError('InvalidAllowedPatternException', `The pattern ${pattern} is no regular expression.`, { cause });
  }
}
