import { z } from 'zod';
import { ONLY_POLICY } from '../../iam/resource-owners.ts';
import { type CreatedResource, type LoadContext, type ResourceIdentity, resourceType } from '../resource-type.ts';
import { policyDocument } from './policy-schema.ts';

const NOTHING_ENCRYPTED = 'nothing is encrypted on this machine by the runtime';

const schema = z.strictObject({ KeyPolicy: policyDocument('resource').optional() });

/**
 * A key has its policy here and encrypts nothing.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export const kmsKey = resourceType({
  type: 'AWS::KMS::Key',
  nameProperty: '',
  nameMaxLength: 128,
  attributes: ['Arn', 'KeyId'],
  schema,
  inert: Object.fromEntries(
    [
      ...['BypassPolicyLockoutSafetyCheck', 'Description', 'Enabled', 'EnableKeyRotation', 'KeySpec', 'KeyUsage'],
      ...['MultiRegion', 'Origin', 'PendingWindowInDays', 'RotationPeriodInDays', 'Tags'],
    ].map((property) => [property, NOTHING_ENCRYPTED]),
  ),
  create: async (identity, { KeyPolicy }, context) => putKey(identity, KeyPolicy, context),
  update: async (existing, { KeyPolicy }, context) => putKey(existing, KeyPolicy, context),
  exists: async () => false,
  async delete({ attributes }, { access }) {
    access.deleteResourcePolicy(attributes.Arn ?? '', ONLY_POLICY);
  },
});

/** A key without a policy leaves all to the roles' policies, as AWS's default policy does. */
function putKey(
  { physicalName: id, environment: { partition, region, accountId } }: ResourceIdentity,
  document: z.infer<typeof schema>['KeyPolicy'],
  { access }: LoadContext,
): CreatedResource {
  const arn = `arn:${partition}:kms:${region}:${accountId}:key/${id}`;
  if (document === undefined) access.deleteResourcePolicy(arn, ONLY_POLICY);
  else access.putResourcePolicy(arn, { name: ONLY_POLICY, document });
  return { ref: id, attributes: { Arn: arn, KeyId: id } };
}
