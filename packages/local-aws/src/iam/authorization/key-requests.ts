import type { AccessControl, AccessRequest, ContextKeys, EncryptionKey } from '../access-control.ts';
import type { Caller } from '../caller.ts';
import { customerKeyArn, encryptedResource } from '../resource-owners.ts';

/** A call, as far as the rights on keys depend on it. */
export interface KeyedCall {
  readonly access: Pick<AccessControl, 'encryptionKey'>;
  readonly caller: Caller;
  readonly operation: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The endpoint's. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

type Actions = readonly string[];
type Need = Actions | ((call: KeyedCall) => Actions);
const NONE: Actions = [];
const DECRYPT: Actions = ['kms:Decrypt'];
const GENERATE: Actions = ['kms:GenerateDataKey'];
const BOTH: Actions = [...GENERATE, ...DECRYPT];

/**
 * The parts of a multipart upload tell no key. Both rights are asked where it begins.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 */
const OBJECT_WRITES: Readonly<Record<string, Actions>> = {
  PutObject: GENERATE,
  CopyObject: GENERATE,
  CreateMultipartUpload: BOTH,
};

function ofObjectWrite({ operation }: KeyedCall): Actions {
  return OBJECT_WRITES[operation] ?? NONE;
}

/**
 * HeadObject needs the key only for the object's checksum.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
function ofObjectRead({ operation, headers }: KeyedCall): Actions {
  if (operation === 'HeadObject') return headers['x-amz-checksum-mode'] === undefined ? NONE : DECRYPT;
  return operation === 'GetObjectAttributes' ? NONE : DECRYPT;
}

const ITEM_ACTIONS = [
  ...['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'GetRecords'],
  ...['PartiQLDelete', 'PartiQLInsert', 'PartiQLSelect', 'PartiQLUpdate', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
];

/**
 * What an action on an encrypted resource needs of the key, by the pages of the services. Who uses a table decrypts the
 * table's key, for writes and streams too; DynamoDB's other uses of the key are by its own grants.
 * - S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * - SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * - SNS: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * - Kinesis: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 * - DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const NEEDED: ReadonlyMap<string, Need> = new Map<string, Need>([
  ['s3:PutObject', ofObjectWrite],
  ['s3:GetObject', ofObjectRead],
  ['s3:GetObjectVersion', ofObjectRead],
  ['sqs:SendMessage', BOTH],
  ['sqs:ReceiveMessage', DECRYPT],
  ['sns:Publish', BOTH],
  ['kinesis:PutRecord', GENERATE],
  ['kinesis:PutRecords', GENERATE],
  ['kinesis:GetRecords', DECRYPT],
  ['kinesis:SubscribeToShard', DECRYPT],
  ...ITEM_ACTIONS.map((action): [string, Actions] => [`dynamodb:${action}`, DECRYPT]),
]);

/**
 * What a question asks too, where a customer's key encrypts its resource: the service uses the key with the rights of
 * the caller. Nothing is asked of keys of AWS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function keyRequests({ action, resource }: AccessRequest, call: KeyedCall): readonly AccessRequest[] {
  const needed = NEEDED.get(action);
  if (needed === undefined) return [];
  const ofResource = call.access.encryptionKey(resource);
  const key = action === 's3:PutObject' ? keyOfWrite(ofResource, call) : ofResource;
  if (key === undefined) return [];
  const owner = encryptedResource(resource);
  const context = contextOf(key.isBucketKey === true ? owner : resource, owner, call);
  return (typeof needed === 'function' ? needed(call) : needed).map((each) => ({
    ...{ action: each, resource: key.arn, context },
  }));
}

/**
 * The headers of a write come before the default of the bucket. `aws:kms` without a key is a key of AWS.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
function keyOfWrite(ofBucket: EncryptionKey | undefined, call: KeyedCall): EncryptionKey | undefined {
  const { headers } = call;
  if (headers['x-amz-server-side-encryption'] === undefined) return ofBucket;
  const arn = customerKeyArn(headers['x-amz-server-side-encryption-aws-kms-key-id'], { partition: 'aws', ...call });
  const isBucketKey = headers['x-amz-server-side-encryption-bucket-key-enabled']?.toLowerCase();
  return arn === undefined ? undefined : { arn, isBucketKey: isBucketKey === 'true' };
}

/**
 * The condition keys of a service that uses a key. A service that acts for itself has no account and goes through none.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function contextOf(resource: string, owner: string, { caller, region, accountId }: KeyedCall): ContextKeys {
  const service = owner.split(':', 3)[2] ?? '';
  const encryption = Object.entries(encryptionContext(service, resource, owner, accountId));
  return {
    'kms:EncryptionContextKeys': encryption.map(([name]) => name),
    ...Object.fromEntries(encryption.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    ...(caller.kind === 'role' && {
      'kms:CallerAccount': accountId,
      'kms:ViaService': `${service}.${region}.amazonaws.com`,
    }),
  };
}

/**
 * With a bucket key it is the bucket's ARN: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html. Of a
 * table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function encryptionContext(
  service: string,
  resource: string,
  owner: string,
  accountId: string,
): Readonly<Record<string, string>> {
  switch (service) {
    case 'dynamodb':
      return {
        'aws:dynamodb:tableName': owner.slice(owner.lastIndexOf('/') + 1),
        'aws:dynamodb:subscriberId': accountId,
      };
    case 's3':
      return { 'aws:s3:arn': resource };
    case 'sns':
      return { 'aws:sns:topicArn': owner };
    default:
      return { [`aws:${service}:arn`]: owner };
  }
}
