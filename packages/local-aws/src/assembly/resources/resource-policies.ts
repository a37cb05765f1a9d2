import type { JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { bucketArn, ONLY_POLICY, queueArn } from '../../iam/resource-owners.ts';
import type { ExistingResource, LoadContext, SupportedResourceType } from '../resource-type.ts';
import { resourceType } from '../resource-type.ts';
import { policyDocument } from './policy-schema.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html */
const bucketPolicy = resourceType({
  type: 'AWS::S3::BucketPolicy',
  nameProperty: 'Bucket',
  nameMaxLength: 63,
  attributes: [],
  schema: z.strictObject({ Bucket: z.string(), PolicyDocument: policyDocument('resource') }),
  inert: {},
  async create(_identity, { Bucket, PolicyDocument: document }, { access }) {
    access.putResourcePolicy(bucketArn(Bucket), { name: ONLY_POLICY, document });
    return { ref: Bucket, attributes: {} };
  },
  exists: async (_identity, { Bucket }, { access }) => access.resourcePolicies(bucketArn(Bucket)).length > 0,
  async delete({ ref }, { access }) {
    access.deleteResourcePolicy(bucketArn(ref), ONLY_POLICY);
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html */
const queuePolicy = policyOfSeveral('AWS::SQS::QueuePolicy', 'Queues', (url, { environment }) =>
  queueArn(url, environment),
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html */
const topicPolicy = policyOfSeveral('AWS::SNS::TopicPolicy', 'Topics', (arn) => arn);

/** One policy of several queues or topics. */
function policyOfSeveral<Member extends 'Queues' | 'Topics'>(
  type: string,
  member: Member,
  arnOf: (reference: string, existing: Pick<ExistingResource, 'environment'>) => string,
): SupportedResourceType {
  const references = z.array(z.string()).min(1);
  const schema = z.strictObject({ [member]: references, PolicyDocument: policyDocument('resource') });
  const arnsIn = (properties: JsonObject, identity: Pick<ExistingResource, 'environment'>): string[] =>
    references.parse(properties[member]).map((reference) => arnOf(reference, identity));
  const put = (arns: readonly string[], document: JsonObject, { access }: LoadContext): void => {
    for (const arn of arns) access.putResourcePolicy(arn, { name: ONLY_POLICY, document });
  };
  const documentIn = (properties: JsonObject): JsonObject =>
    policyDocument('resource').parse(properties.PolicyDocument);
  return resourceType({
    type,
    nameProperty: '',
    nameMaxLength: 128,
    attributes: [],
    schema,
    inert: {},
    exists: async () => false,
    async create(identity, properties, context) {
      put(arnsIn(properties, identity), documentIn(properties), context);
      return { ref: identity.physicalName, attributes: {} };
    },
    async update(existing, properties, context) {
      const arns = arnsIn(properties, existing);
      put(arns, documentIn(properties), context);
      for (const arn of arnsIn(existing.properties, existing)) {
        if (!arns.includes(arn)) context.access.deleteResourcePolicy(arn, ONLY_POLICY);
      }
      return { ref: existing.ref, attributes: existing.attributes };
    },
    async delete(existing, { access }) {
      for (const arn of arnsIn(existing.properties, existing)) access.deleteResourcePolicy(arn, ONLY_POLICY);
    },
  });
}

/** The types that give a bucket, a queue or a topic its policy. */
export const resourcePolicyTypes: readonly SupportedResourceType[] = [bucketPolicy, topicPolicy, queuePolicy];
