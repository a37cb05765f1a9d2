import type { Problem, ProblemKind, TemplateError } from '../assembly/errors.ts';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * Problems that AWS would not have, or finds when it validates the properties of a resource. The others are those of
 * the template's form.
 */
const OF_RESOURCES: ReadonlySet<ProblemKind> = new Set([
  'UnsupportedResource',
  'UnsupportedProperty',
  'InvalidProperty',
  'UnsupportedFunction',
  'UnsupportedSection',
]);

/** Whether CloudFormation would take the template itself. */
export function isLocalRefusal({ problems }: TemplateError): boolean {
  return problems.every(({ kind }) => OF_RESOURCES.has(kind));
}

/**
 * CloudFormation's answer to a template that cannot run: its own sentences for the template's own errors, else what is
 * not supported here. Either way with every problem.
 */
export function refusal(error: TemplateError): AwsError {
  const own = error.problems.filter(({ kind }) => !OF_RESOURCES.has(kind));
  const sentences = own.map(({ at, message, awsMessage }) => awsMessage ?? `Template format error: ${at}: ${message}`);
  const message = own.length === 0 ? error.message : [...new Set(sentences)].join('\n');
  return new AwsError('ValidationError', message, { cause: error });
}

/** Where in the template a problem is: `/Resources/Queue/Properties/X`. */
export function problemPath({ at }: Problem, logicalId: string | undefined): string {
  const [first = '', ...rest] = at.split('.');
  if (logicalId === undefined) return `/${[first, ...rest].join('/')}`;
  return `/${['Resources', first, ...(rest.length > 0 ? ['Properties', ...rest] : [])].join('/')}`;
}
