import { z } from 'zod';
import { isStored } from '../assembly/base-scope.ts';
import type { Template } from '../assembly/template.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { GivenParameter } from './input.ts';
import { validationError } from './validation-error.ts';

const number = z.coerce.number();
const constraintsSchema = z.looseObject({
  AllowedValues: z.array(z.coerce.string()).optional(),
  AllowedPattern: z.string().optional(),
  MinLength: number.optional(),
  MaxLength: number.optional(),
  MinValue: number.optional(),
  MaxValue: number.optional(),
  ConstraintDescription: z.string().optional(),
});
type Constraints = z.infer<typeof constraintsSchema>;

/** The values of all parameters: what a request gives, the previous values that it asks for, and defaults. */
export function parameterValues(
  template: Template,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = given.filter(({ ParameterKey: key }) => !Object.hasOwn(template.Parameters, key));
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${keys(unknown)}] do not exist in the template`);
  }
  const values: Record<string, string> = {};
  const missing: GivenParameter[] = [];
  for (const [key, { Default: byDefault }] of Object.entries(template.Parameters)) {
    const wish = given.find(({ ParameterKey }) => ParameterKey === key);
    const value = wish === undefined ? byDefault : givenValue(wish, previous);
    if (value === undefined) missing.push({ ParameterKey: key });
    else values[key] = String(value);
  }
  if (missing.length > 0) throw validationError(`Parameters: [${keys(missing)}] must have values`);
  for (const [key, parameter] of Object.entries(template.Parameters)) {
    const constraints = constraintsSchema.safeParse(parameter);
    if (!constraints.success) throw validationError(`Parameter '${key}': ${z.prettifyError(constraints.error)}`);
    checkValue(key, values[key] ?? '', parameter.Type, constraints.data);
  }
  return values;
}

/** The names of parameters of Systems Manager that a template takes its values from. */
export function storedNames(template: Template, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(template.Parameters).flatMap(([key, { Type }]) => (isStored(Type) ? (values[key] ?? '') : []));
}

function givenValue(
  { ParameterKey: key, ParameterValue: value, UsePreviousValue: isPrevious = false }: GivenParameter,
  previous: Readonly<Record<string, string>>,
): string | undefined {
  if (!isPrevious) return value;
  if (value !== undefined) {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and a value`,
    );
  }
  if (!Object.hasOwn(previous, key)) {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in ` +
        'the previous template',
    );
  }
  return previous[key];
}

function checkValue(key: string, value: string, type: string, constraints: Constraints): void {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue, ConstraintDescription } =
    constraints;
  const elements = /^(CommaDelimitedList|List<)/.test(type) ? value.split(',').map((each) => each.trim()) : [value];
  const check = (holds: boolean, sentence: string): void => {
    if (holds) return;
    throw validationError(
      ConstraintDescription === undefined
        ? `Parameter '${key}' ${sentence}`
        : `Parameter ${key} failed to satisfy constraint: ${ConstraintDescription}`,
    );
  };
  if (type === 'Number' || type === 'List<Number>') {
    check(
      elements.every((each) => each !== '' && Number.isFinite(Number(each))),
      'must be a number',
    );
  }
  if (AllowedValues !== undefined) {
    check(
      elements.every((each) => AllowedValues.includes(each)),
      `must be one of AllowedValues`,
    );
  }
  if (AllowedPattern !== undefined) check(matches(AllowedPattern, value), `must match pattern ${AllowedPattern}`);
  if (MinLength !== undefined) check(value.length >= MinLength, `must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined) check(value.length <= MaxLength, `must contain at most ${MaxLength} characters`);
  if (MinValue !== undefined) check(Number(value) >= MinValue, `must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined) check(Number(value) <= MaxValue, `must be a number not greater than ${MaxValue}`);
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch (cause) {
    throw new AwsError('ValidationError', `The pattern ${pattern} is no regular expression.`, { cause });
  }
}

function keys(parameters: readonly { ParameterKey: string }[]): string {
  return parameters.map(({ ParameterKey }) => ParameterKey).join(', ');
}
