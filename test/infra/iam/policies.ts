import * as z from 'zod';

import type { SynthesizedTemplate } from '../synthesis.ts';
import { arn, deployment } from './physical.ts';

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany.optional(),
});
const documentSchema = z.object({ Version: z.literal('2012-10-17'), Statement: z.array(statementSchema) });

export type Statement = z.output<typeof statementSchema>;

export interface Policy {
  /** ARN of what the policy is attached to: a role, bucket, queue, topic or key. */
  on: string;
  /** `identity`: what the role may do. `resource`: who may use the resource; for a role, its trust policy. */
  kind: 'identity' | 'resource';
  document: z.output<typeof documentSchema>;
}

type Read = (properties: unknown, name: string) => Policy[];

const role = z.object({
  AssumeRolePolicyDocument: documentSchema,
  Policies: z.array(z.object({ PolicyDocument: documentSchema })),
});
const bucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: documentSchema });
const queuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument: documentSchema });
const topicPolicy = z.object({ Topics: z.array(z.string()), PolicyDocument: documentSchema });
const key = z.object({ KeyPolicy: documentSchema });

const readers: Record<string, Read> = {
  'AWS::IAM::Role': (properties, name) => {
    const { AssumeRolePolicyDocument, Policies } = role.parse(properties);
    const on = `arn:${deployment.partition}:iam::${deployment.account}:role/${name}`;
    return [
      { on, kind: 'resource', document: AssumeRolePolicyDocument },
      ...Policies.map(({ PolicyDocument }): Policy => ({ on, kind: 'identity', document: PolicyDocument })),
    ];
  },
  'AWS::S3::BucketPolicy': (properties) => {
    const { Bucket, PolicyDocument } = bucketPolicy.parse(properties);
    return [{ on: `arn:${deployment.partition}:s3:::${Bucket}`, kind: 'resource', document: PolicyDocument }];
  },
  'AWS::SQS::QueuePolicy': (properties) => {
    const { Queues, PolicyDocument } = queuePolicy.parse(properties);
    return Queues.map((url) => ({
      on: arn('sqs', url.replace('https://', '')),
      kind: 'resource',
      document: PolicyDocument,
    }));
  },
  'AWS::SNS::TopicPolicy': (properties) => {
    const { Topics, PolicyDocument } = topicPolicy.parse(properties);
    return Topics.map((topic) => ({ on: topic, kind: 'resource', document: PolicyDocument }));
  },
  'AWS::KMS::Key': (properties, name) => {
    return [{ on: arn('kms', `key/${name}`), kind: 'resource', document: key.parse(properties).KeyPolicy }];
  },
};

/** Every policy of a deployed template. Throws for a type of resource with an unknown kind of policy. */
export function policiesOf(template: SynthesizedTemplate): Policy[] {
  return Object.entries(template.Resources).flatMap(([name, { Type, Properties }]) => {
    const read = readers[Type];
    if (read === undefined && JSON.stringify(Properties).includes('"Effect"')) {
      throw new Error(`${name} (${Type}) has a policy that the proof does not know`);
    }
    return read?.(Properties, name) ?? [];
  });
}

/**
 * The policy without one of its `Allow` statements, or without one action or resource of a statement that has several.
 */
export function weaker({ document, ...policy }: Policy): { without: string; policy: Policy }[] {
  const statements = document.Statement;
  return statements.flatMap((statement, index) => {
    if (statement.Effect === 'Deny') return [];
    const replaced = (without: string, replacement: Statement[]) => ({
      without,
      policy: { ...policy, document: { ...document, Statement: statements.toSpliced(index, 1, ...replacement) } },
    });
    const { Action, Resource = [] } = statement;
    return [
      replaced(`statement on ${Action.join()}`, []),
      ...(Action.length > 1 ? Action : []).map((action) =>
        replaced(action, [{ ...statement, Action: Action.filter((other) => other !== action) }]),
      ),
      ...(Resource.length > 1 ? Resource : []).map((resource) =>
        replaced(`${Action.join()} on ${resource}`, [
          { ...statement, Resource: Resource.filter((other) => other !== resource) },
        ]),
      ),
    ];
  });
}
