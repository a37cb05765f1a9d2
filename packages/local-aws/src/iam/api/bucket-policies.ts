import { pathStyle, s3Target } from '../../engines/s3-request.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Call, Intercept, WireResponse } from '../../gateway/wire.ts';
import type { AccessControl } from '../access-control.ts';
import { bucketArn, ONLY_POLICY } from '../resource-owners.ts';
import type { UserMade } from '../user-made.ts';
import { documentOf } from './input.ts';

/**
 * Answers the calls about the policy of a bucket, which the engine does not know. The policy ends with its bucket.
 */
export function bucketPolicies({ access, userMade }: { access: AccessControl; userMade: UserMade }): Intercept {
  return async (call, forward) => {
    if (call.service !== 's3') return forward();
    const { operation, request } = call;
    const arn = () => bucketArn(s3Target(pathStyle(request)).bucket);
    switch (operation) {
      case 'DeleteBucket': {
        const answer = await forward();
        if (answer.statusCode < 300) access.deleteResourcePolicy(arn(), ONLY_POLICY);
        return answer;
      }
      case 'PutBucketPolicy':
        await demandBucket(forward, call);
        putPolicy(access, arn(), request.body.toString('utf8'));
        userMade.addResourcePolicy(arn(), ONLY_POLICY);
        await userMade.save();
        return answered(204, call);
      case 'GetBucketPolicy': {
        await demandBucket(forward, call);
        const [policy] = access.resourcePolicies(arn());
        if (policy === undefined) {
          throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', { statusCode: 404 });
        }
        return { ...answered(200, call), body: Buffer.from(JSON.stringify(policy.document)) };
      }
      case 'DeleteBucketPolicy':
        await demandBucket(forward, call);
        access.deleteResourcePolicy(arn(), ONLY_POLICY);
        await userMade.save();
        return answered(204, call);
      default:
        return forward();
    }
  };
}

/** S3 has a name of its own for a policy that is none. */
function putPolicy(access: AccessControl, arn: string, text: string): void {
  try {
    access.putResourcePolicy(arn, { name: ONLY_POLICY, document: documentOf(text) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('MalformedPolicy', error.message, { cause: error });
  }
}

async function demandBucket(forward: Parameters<Intercept>[1], { request }: Call): Promise<void> {
  const [url = '/'] = request.url.split('?');
  const { host = '' } = request.headers;
  const { statusCode } = await forward({ method: 'HEAD', url, headers: { host }, body: Buffer.alloc(0) });
  if (statusCode === 404) {
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { statusCode: 404 });
  }
}

function answered(statusCode: number, { context }: Call): WireResponse {
  const headers = { 'content-type': 'application/json', 'x-amz-request-id': context.requestId };
  return { statusCode, headers, body: Buffer.alloc(0) };
}
