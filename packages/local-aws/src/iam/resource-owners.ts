import type { JsonObject } from '@tweet-pipes/kit/json';

/** The resource whose policy decides: the bucket of an object, the function of a version or alias, else itself. */
export function policyOwner(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return cut(resource, '/', 1);
  return resource.startsWith('arn:aws:lambda:') ? cut(resource, ':', 7) : resource;
}

/** What a key encrypts: the bucket of an object, the table of an index or a stream, the stream of a consumer. */
export function encryptedResource(resource: string): string {
  const first = resource.indexOf('/');
  if (first === -1) return resource;
  const end = resource.startsWith('arn:aws:s3:::') ? first : resource.indexOf('/', first + 1);
  return end === -1 ? resource : resource.slice(0, end);
}

/**
 * The ARN of a customer's key, by what a resource names: its id or ARN. None for an alias: those of AWS's own keys need
 * no right, and others are not followed.
 */
export function customerKeyArn(key: string | undefined, { partition, region, accountId }: Place): string | undefined {
  if (key === undefined || key === '' || /^(?:arn:[^/]*:)?alias\//.test(key)) return undefined;
  return key.startsWith('arn:') ? key : `arn:${partition}:kms:${region}:${accountId}:key/${key}`;
}

/** Whether a resource is a key, whose policy has to allow whatever an identity-based policy allows. */
export function isKeyArn(resource: string): boolean {
  return /^arn:aws[\w-]*:kms:[^:]*:[^:]*:key\//.test(resource);
}

/**
 * The policy of a topic that was given none.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function defaultTopicPolicy(accountId: string): JsonObject {
  return {
    Version: '2008-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:GetTopicAttributes', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish', 'SNS:Subscribe'],
        Resource: '*',
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  };
}

/** The first `count` parts of a text. */
function cut(text: string, separator: string, count: number): string {
  return text.split(separator, count).join(separator);
}

/** The name of the policy of a resource that has one at most: a bucket, a queue, a topic, a key. */
export const ONLY_POLICY = 'policy';

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

/** Of a queue by its URL or name. */
export function queueArn(url: string, { partition, region, accountId }: Place): string {
  return `arn:${partition}:sqs:${region}:${accountId}:${url.slice(url.lastIndexOf('/') + 1)}`;
}

/** Of a function by its name or ARN, without version or alias. */
export function functionArn(nameOrArn: string, { partition, region, accountId }: Place): string {
  const arn = nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:${partition}:lambda:${region}:${accountId}:function:${nameOrArn}`;
  return policyOwner(arn);
}
