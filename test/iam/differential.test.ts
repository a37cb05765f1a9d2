import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { createAccessControl } from '@tweet-pipes/local-aws/iam/access-store';
import fc from 'fast-check';

/**
 * The policy evaluator of the local runtime and the simulator of cloud-copilot answer alike (docs/adr/0058). The seed
 * is fixed unless PROPERTY_SEED is set.
 */
const runs = Number(process.env.PROPERTY_RUNS ?? 200);
const seed = Number(process.env.PROPERTY_SEED ?? 1);

const accountId = '000000000000';
const roleArn = `arn:aws:iam::${accountId}:role/R`;
const sessionArn = `arn:aws:sts::${accountId}:assumed-role/R/s`;

interface Question {
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
  identity: JsonObject[];
  boundary: JsonObject[] | undefined;
  resourcePolicy: JsonObject | undefined;
}

const actions = ['s3:GetObject', 's3:PutObject', 's3:GetObjectTagging'];
const resources = ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/000000000000/k', 'arn:aws:s3:::c/$'];
const oneOrMany = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

const actionPattern = fc.constantFrom(
  ...[...actions, 's3:get*', 'S3:*', '*', 's3:?etObject', 'sqs:*', 's3:*Tagging', 's3:Get*t'],
);
const resourcePattern = fc.constantFrom(
  ...[...resources, '*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::?/k', 'arn:aws:s3:::*/k', 'arn:aws:s3:*', 'arn:*:s3:::b*'],
  ...[
    'arn:aws:s3:::b/${aws:PrincipalAccount}/k',
    'arn:aws:s3:::b/${aws:PrincipalTag/Missing}/k',
    "arn:aws:s3:::${aws:PrincipalTag/Missing, 'b'}/k",
  ],
  ...['arn:aws:s3:::c/${$}', 'arn:aws:s3:::c/${?}', 'arn:aws:sqs:us-east-1:000000000000:q'],
);

/** A value of each key that some operator understands. */
const contextValues = {
  'aws:PrincipalTag/Text': fc.constantFrom('a', 'A', 'ab', 'a*', '000000000000'),
  'aws:CalledVia': fc.subarray(['a', 'b', 'ab'], { minLength: 1 }),
  'aws:MultiFactorAuthAge': fc.constantFrom('1', '2', '2.5', '10'),
  'aws:TokenIssueTime': fc.constantFrom('2026-01-01T00:00:00Z', '2026-06-01', '2026-11-29T12:00:00Z'),
  'aws:ViaAWSService': fc.constantFrom('true', 'false'),
  'aws:VpcSourceIp': fc.constantFrom('203.0.113.7', '198.51.100.1'),
  'aws:SourceArn': fc.constantFrom('arn:aws:sns:us-east-1:000000000000:t', 'arn:aws:s3:::b', 'arn:aws:s3:::a'),
};
const context = fc.record(contextValues, { requiredKeys: [] });

type Key = keyof typeof contextValues;

/** Operators with their keys, and values that both accept: what is malformed is an error here, and never fits there. */
const operators: readonly { names: string[]; keys: Key[]; values: string[] }[] = [
  {
    names: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    keys: ['aws:PrincipalTag/Text', 'aws:CalledVia'],
    values: [
      'a',
      'b',
      'A',
      'a*',
      '${aws:PrincipalAccount}',
      '${aws:PrincipalTag/Missing}',
      "${aws:PrincipalTag/Missing, 'a'}",
      '${*}',
    ],
  },
  {
    names: ['StringLike', 'StringNotLike'],
    keys: ['aws:PrincipalTag/Text', 'aws:CalledVia'],
    values: ['a', 'a?', '*', 'a*', '*b', '?', 'a${*}', '${aws:PrincipalAccount}', '${aws:PrincipalTag/Missing}'],
  },
  {
    names: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (suffix) => `Numeric${suffix}`,
    ),
    keys: ['aws:MultiFactorAuthAge'],
    values: ['1', '2', '2.5', '9'],
  },
  {
    names: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (suffix) => `Date${suffix}`,
    ),
    keys: ['aws:TokenIssueTime'],
    values: ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z', '2026-11-29T13:00:00+01:00'],
  },
  { names: ['Bool'], keys: ['aws:ViaAWSService'], values: ['true', 'false', 'TRUE'] },
  {
    names: ['IpAddress', 'NotIpAddress'],
    keys: ['aws:VpcSourceIp'],
    values: ['203.0.113.0/24', '203.0.113.7', '203.0.0.0/8'],
  },
  {
    names: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    keys: ['aws:SourceArn'],
    // A variable only in the last segment: the simulator takes the colon in its name for the end of one.
    values: ['arn:aws:s3:::b', 'arn:aws:s3:::b*', 'arn:aws:*:*:*:*', 'arn:aws:s3:::${aws:PrincipalTag/Text}'],
  },
];

const condition = fc.constantFrom(...operators).chain(({ names, keys, values }) =>
  fc
    .record({
      name: fc.constantFrom(...names),
      set: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
      ifExists: fc.boolean(),
      key: fc.constantFrom(...keys),
      value: oneOrMany(fc.constantFrom(...values)),
    })
    // ForAnyValue with IfExists: AWS lets IfExists win where the key is missing, the simulator ForAnyValue.
    .map(({ name, set, ifExists, key, value }): JsonObject => {
      const suffix = ifExists && set !== 'ForAnyValue:' ? 'IfExists' : '';
      return { [`${set}${name}${suffix}`]: { [key]: value } };
    }),
);
const nullCondition = fc
  .record({
    key: fc.constantFrom('aws:PrincipalTag/Text', 'aws:CalledVia', 'aws:PrincipalTag/Missing'),
    value: fc.constantFrom('true', 'false'),
  })
  .map(({ key, value }): JsonObject => ({ Null: { [key]: value } }));
const conditions = fc
  .array(fc.oneof({ weight: 4, arbitrary: condition }, nullCondition), { maxLength: 2 })
  .map((all): JsonObject => Object.assign({}, ...all));

/** An element or its opposite. */
const element = (name: string, value: fc.Arbitrary<string | string[]>) =>
  fc
    .record({ isNegated: fc.integer({ min: 0, max: 4 }), value })
    .map(({ isNegated, value: given }): JsonObject => ({ [isNegated === 0 ? `Not${name}` : name]: given }));

const principalName = fc.constantFrom(
  ...['*', accountId, `arn:aws:iam::${accountId}:root`, roleArn, sessionArn],
  ...[`arn:aws:iam::${accountId}:role/Other`, `arn:aws:sts::${accountId}:assumed-role/R/other`],
);
const principal = fc.oneof(
  { weight: 1, arbitrary: fc.constant<JsonObject>({ Principal: '*' }) },
  {
    weight: 5,
    arbitrary: element('Principal', oneOrMany(principalName)).map(
      (given): JsonObject => Object.fromEntries(Object.entries(given).map(([name, AWS]) => [name, { AWS }])),
    ),
  },
  { weight: 1, arbitrary: fc.constant<JsonObject>({ Principal: { Service: 'lambda.amazonaws.com' } }) },
);

const statementWith = (extra: fc.Arbitrary<JsonObject>) =>
  fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      action: element('Action', oneOrMany(actionPattern)),
      resource: element('Resource', oneOrMany(resourcePattern)),
      Condition: conditions,
      extra,
    })
    .map(
      ({ Effect, action, resource, Condition, extra: more }): JsonObject => ({
        Effect,
        ...action,
        ...resource,
        ...more,
        ...(Object.keys(Condition).length > 0 && { Condition }),
      }),
    );
const documentOf = (statement: fc.Arbitrary<JsonObject>) =>
  fc
    .record({
      // The simulator reads variables in the old version too.
      Version: fc.constant('2012-10-17'),
      Statement: fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 3 })),
    })
    .map((document): JsonObject => document);
const identityPolicy = documentOf(statementWith(fc.constant({})));

const question: fc.Arbitrary<Question> = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
  context,
  identity: fc.array(identityPolicy, { maxLength: 2 }),
  boundary: fc.option(fc.array(identityPolicy, { minLength: 1, maxLength: 1 }), { nil: undefined, freq: 3 }),
  resourcePolicy: fc.option(documentOf(statementWith(principal)), { nil: undefined }),
});

it('decides as the simulator does', async () => {
  const seen = { allowed: 0, explicit: 0, implicit: 0 };
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const simulated = await simulatorsAnswer(asked);
      seen[simulated] += 1;
      expect(ownAnswer(asked)).toBe(simulated);
    }),
    { numRuns: runs, seed },
  );
  // Questions with one answer alone would compare nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 20);
});

type Answer = 'allowed' | 'explicit' | 'implicit';

function ownAnswer({ action, resource, context: keys, identity, boundary, resourcePolicy }: Question): Answer {
  const access = createAccessControl({ accountId, region: 'us-east-1', clock: { now: () => 0 } });
  const boundaryArn = `arn:aws:iam::${accountId}:policy/Boundary`;
  for (const document of boundary ?? []) access.putManagedPolicy({ arn: boundaryArn, document });
  access.putRole({
    name: 'R',
    arn: roleArn,
    trust: { Statement: [] },
    inline: identity.map((document, index) => ({ name: `${index}`, document })),
    managed: [],
    ...(boundary !== undefined && { permissionsBoundary: boundaryArn }),
  });
  const bucket = resource.split('/', 1).join();
  if (resourcePolicy !== undefined) access.putResourcePolicy(bucket, { name: 'policy', document: resourcePolicy });
  const decision = access.decide(
    { kind: 'role', roleName: 'R', sessionName: 's', isWorker: false },
    { action, resource, context: keys },
  );
  if (decision.isAllowed) return 'allowed';
  return decision.denied.isExplicit ? 'explicit' : 'implicit';
}

/** Throws where the simulator does not accept the question. */
async function simulatorsAnswer(asked: Question): Promise<Answer> {
  const { action, resource, context: keys, identity, boundary, resourcePolicy } = asked;
  const named = (documents: JsonObject[]) => documents.map((policy, index) => ({ name: `${index}`, policy }));
  const simulation: Simulation = {
    request: {
      principal: sessionArn,
      action,
      resource: { resource, accountId },
      contextVariables: { 'aws:PrincipalAccount': accountId, 'aws:PrincipalArn': roleArn, ...keys },
    },
    identityPolicies: named(identity),
    resourcePolicy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(boundary !== undefined && { permissionBoundaryPolicies: named(boundary) }),
  };
  const result = await runSimulation(simulation, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  switch (result.overallResult) {
    case 'Allowed':
      return 'allowed';
    case 'ExplicitlyDenied':
      return 'explicit';
    case 'ImplicitlyDenied':
      return 'implicit';
  }
}
