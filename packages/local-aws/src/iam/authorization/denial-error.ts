import { AwsError } from '../../gateway/aws-error.ts';
import { type DeniedRequest, denialSentence } from '../denial.ts';

/**
 * The service's own error for a denied call, also where the key of its resource is denied. Not retryable.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialError(service: string, denied: DeniedRequest): AwsError {
  if (!denied.action.startsWith('kms:')) return errorOf(service, inWordsOf(service, denied));
  const sentence = denialSentence(denied);
  return errorOfKey(
    service,
    service === 'dynamodb'
      ? `KMS key access denied error: com.amazonaws.services.kms.model.AWSKMSException: ${sentence}`
      : sentence,
  );
}

/** The service's own error for an operation whose rights are not known. */
export function unknownRights(service: string, operation: string): AwsError {
  return errorOf(
    service,
    `The local runtime does not know which action ${service} ${operation} needs, so no role may call it here. ` +
      'Call it with a key of an administrator, or start the runtime with --roles off.',
  );
}

function errorOf(service: string, message: string): AwsError {
  switch (service) {
    case 'dynamodb':
      return new AwsError('com.amazon.coral.service#AccessDeniedException', message, { statusCode: 400 });
    case 'lambda':
    case 'pipes':
    case 'scheduler':
      return new AwsError('AccessDeniedException', message, { statusCode: 403 });
    case 'sns':
      return new AwsError('AuthorizationError', message, { statusCode: 403 });
    case 'cloudformation':
    case 'iam':
    case 'monitoring':
    case 's3':
    case 'sqs':
    case 'sts':
      return new AwsError('AccessDenied', message, { statusCode: 403 });
    default:
      return new AwsError('AccessDeniedException', message, { statusCode: 400 });
  }
}

/** SQS's and SNS's codes are those of the query protocol, by which SDKs know them in JSON too. */
function errorOfKey(service: string, message: string): AwsError {
  switch (service) {
    case 'kinesis':
      return new AwsError('KMSAccessDeniedException', message, { statusCode: 400 });
    case 'sns':
      return new AwsError('KMSAccessDenied', message, { statusCode: 400 });
    case 'sqs':
      return new AwsError('KMS.AccessDeniedException', message, { statusCode: 400 });
    default:
      return errorOf(service, message);
  }
}

/**
 * Services write the same sentence in their own way: SQS in lower case, SNS in upper case, S3 with the resource in
 * quotation marks. Of a key they hand on the sentence of KMS. From messages of live services that others reported, 2022
 * to 2026.
 */
function inWordsOf(service: string, denied: DeniedRequest): string {
  const { action, resource } = denied;
  switch (service) {
    case 'sqs':
      return denialSentence({ ...denied, action: action.toLowerCase() });
    case 'sns':
      return denialSentence({ ...denied, action: action.replace(/^sns:/, 'SNS:') });
    case 's3':
      return denialSentence({ ...denied, resource: resource === '*' ? resource : `"${resource}"` });
    default:
      return denialSentence(denied);
  }
}
