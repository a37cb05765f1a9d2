const LONGEST_LABEL = 28;

const services: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB',
  s3: 'S3',
  sqs: 'SQS',
  sns: 'SNS',
  kinesis: 'Kinesis',
  firehose: 'Firehose',
  lambda: 'Lambda',
  comprehend: 'Comprehend',
  states: 'Step Functions',
};

/**
 * A Choice rule as pseudo code: `{% $count($states.input.left) > 0 %}` becomes `count(left) > 0`. Empty when that is
 * too long to stand beside a line, or when the rule is written in JSONPath.
 */
export function ruleLabel(condition: string | boolean | undefined): string {
  if (condition === undefined) return '';
  const label = String(condition)
    .replace(/^\{%\s*|\s*%\}$/g, '')
    .replaceAll('$states.input.', '')
    .replaceAll(/\$(?=[a-zA-Z])/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('>=', '≥')
    .replaceAll('<=', '≤')
    .replaceAll('!=', '≠');
  return label.length > LONGEST_LABEL ? '' : label;
}

/** The errors of a catcher without service and suffix: `ConditionalCheckFailed`. Empty when they are too many. */
export function errorLabel(errors: readonly string[]): string {
  const names = errors.map((error) => (error === 'States.ALL' ? 'any error' : bareError(error)));
  const label = names.join(', ');
  return label.length > LONGEST_LABEL ? '' : label;
}

/** `DynamoDB · GetItem` for `arn:aws:states:::aws-sdk:dynamodb:getItem`; a Lambda function's ARN becomes `Lambda`. */
export function resourceCaption(resource: string): string {
  const [, , service = '', , , ...rest] = resource.split(':');
  if (service !== 'states') return serviceName(service);
  const [name = '', action = ''] = rest[0] === 'aws-sdk' ? rest.slice(1) : rest;
  return [serviceName(name), capitalized(action.split('.')[0] ?? '')].filter((part) => part !== '').join(' · ');
}

/** `up to 40 at once`, or what a Map does without a limit. */
export function mapCaption(maxConcurrency: number | string | undefined): string {
  return typeof maxConcurrency === 'number' && maxConcurrency > 0 ? `up to ${maxConcurrency} at once` : 'each item';
}

/** The service of a caption by {@link resourceCaption}, for its colour. */
export function captionService(caption: string): string {
  return caption.split(' · ')[0] ?? '';
}

function bareError(error: string): string {
  return error.slice(error.lastIndexOf('.') + 1).replace(/Exception$/, '');
}

function serviceName(service: string): string {
  return services[service] ?? capitalized(service);
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
