import { AwsError } from '../../gateway/aws-error.ts';

const OF_KEY = / is not authorized to perform: kms:/;

/**
 * The service's own error for a denied call, also where the key of its resource is denied. Not retryable.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denial(service: string, sentence: string): AwsError {
  const { name, statusCode } = OF_KEY.test(sentence) ? errorOfKey(service) : errorOf(service);
  return new AwsError(name, inWordsOf(service, sentence), { statusCode });
}

function errorOf(service: string): { name: string; statusCode: number } {
  switch (service) {
    case 'dynamodb':
      return { name: 'com.amazon.coral.service#AccessDeniedException', statusCode: 400 };
    case 'lambda':
    case 'pipes':
    case 'scheduler':
      return { name: 'AccessDeniedException', statusCode: 403 };
    case 'sns':
      return { name: 'AuthorizationError', statusCode: 403 };
    case 'cloudformation':
    case 'iam':
    case 'monitoring':
    case 's3':
    case 'sqs':
    case 'sts':
      return { name: 'AccessDenied', statusCode: 403 };
    default:
      return { name: 'AccessDeniedException', statusCode: 400 };
  }
}

/** SQS's and SNS's codes are those of the query protocol, by which SDKs know them in JSON too. */
function errorOfKey(service: string): { name: string; statusCode: number } {
  switch (service) {
    case 'kinesis':
      return { name: 'KMSAccessDeniedException', statusCode: 400 };
    case 'sns':
      return { name: 'KMSAccessDenied', statusCode: 400 };
    case 'sqs':
      return { name: 'KMS.AccessDeniedException', statusCode: 400 };
    default:
      return errorOf(service);
  }
}

/**
 * Services write the same sentence in their own way: SQS in lower case, SNS in upper case, S3 with the resource in
 * quotation marks. Of a key they hand on the sentence of KMS. From messages of live services that others reported, 2022
 * to 2026.
 */
function inWordsOf(service: string, sentence: string): string {
  if (OF_KEY.test(sentence)) {
    if (service !== 'dynamodb') return sentence;
    return `KMS key access denied error: com.amazonaws.services.kms.model.AWSKMSException: ${sentence}`;
  }
  switch (service) {
    case 'sqs':
      return sentence.replace(/\bsqs:\w+(?= on resource| action)/g, (action) => action.toLowerCase());
    case 'sns':
      return sentence.replace(/\bsns:(?=\w+(?: on resource| action))/g, 'SNS:');
    case 's3':
      return sentence.replace(/ on resource: ("?)(\S+?)\1(?= |$)/, ' on resource: "$2"');
    default:
      return sentence;
  }
}
