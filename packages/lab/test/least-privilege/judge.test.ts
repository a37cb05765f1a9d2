import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { type AllowedQuestion, judgeRights, type KnownRights } from '../../src/least-privilege/judge.ts';
import { rareRights } from '../../src/least-privilege/rare-rights.ts';
import { type RoleWithPolicies, rightsOf } from '../../src/least-privilege/rights.ts';

const account = { accountId: '000000000000', region: 'us-east-1', clock: { now: () => 0 } };
const none: KnownRights = { awsOnly: [], rare: [] };
const bucket = 'arn:aws:s3:::b';

const role: RoleWithPolicies = {
  name: 'App-WriterRole01234567',
  arn: 'arn:aws:iam::000000000000:role/App-WriterRole01234567',
  trust: {
    Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  },
  policies: [
    {
      name: 'Default',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: [`${bucket}/in/*`, `${bucket}/out/*`],
          },
          { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:000000000000:q' },
          { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
        ],
      },
    },
  ],
};

function asked(action: string, resource: string, roleName = role.name): AllowedQuestion {
  return { roleName, sessionName: 's', request: { action, resource } };
}

function unusedOf(questions: readonly AllowedQuestion[], known = none): string[] {
  return judgeRights([role], questions, known, account).unused.map(({ what }) => what);
}

const read = asked('s3:GetObject', `${bucket}/in/1`);
const write = asked('s3:PutObject', `${bucket}/out/1`);
const send = asked('sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:q');

it('finds every right that can be taken alone; a statement that denies is none', () => {
  expect(rightsOf(role).map(({ what }) => what)).toEqual([
    'statement 1',
    'action s3:GetObject of statement 1',
    'action s3:PutObject of statement 1',
    `resource ${bucket}/in/* of statement 1`,
    `resource ${bucket}/out/* of statement 1`,
    'statement 2',
  ]);
});

it.each([
  { name: 'all are needed', questions: [read, write, send], unused: [] },
  { name: 'a statement is not', questions: [read, write], unused: ['statement 2'] },
  {
    name: 'an action and a resource are not',
    questions: [read, send],
    unused: ['action s3:PutObject of statement 1', `resource ${bucket}/out/* of statement 1`],
  },
  {
    name: 'questions of other roles count nothing',
    questions: [read, write, asked('sqs:SendMessage', send.request.resource, 'Other')],
    unused: ['statement 2'],
  },
])('finds what no question needs: $name', ({ questions, unused }) => {
  expect(unusedOf(questions)).toEqual(unused);
});

it('finds a statement that another one makes needless', () => {
  const [policy] = role.policies;
  const twice = { ...role, policies: [...role.policies, { name: 'Again', document: policy?.document ?? {} }] };
  expect(judgeRights([twice], [read, write, send], none, account).needed).toEqual([]);
});

const because = { why: 'w', source: 's' };

it('takes what a table knows for needed: only of its service, its role and its kind', () => {
  const sqs = { action: 'sqs:SendMessage', ...because };
  const known = (awsOnly: KnownRights['awsOnly'], rare: KnownRights['rare'] = []) =>
    unusedOf([read, write], { awsOnly, rare });
  expect(known([{ ...sqs, principal: 'lambda.amazonaws.com' }])).toEqual([]);
  expect(known([{ ...sqs, principal: 'pipes.amazonaws.com' }])).toEqual(['statement 2']);
  expect(known([], [{ ...sqs, role: 'App-WriterRole' }])).toEqual([]);
  expect(known([], [{ ...sqs, role: 'App-ReaderRole' }])).toEqual(['statement 2']);
  const rare = [{ ...because, role: 'App-WriterRole', objects: 'out/*' }];
  expect(unusedOf([read, send], { awsOnly: [], rare })).toEqual(['action s3:PutObject of statement 1']);
});

it('names rows of the tables that are out of date', () => {
  const awsOnly = [
    { action: 's3:ListBucket', principal: 'lambda.amazonaws.com', ...because },
    { action: 's3:GetObject', principal: 'lambda.amazonaws.com', ...because },
  ];
  const rare = [
    { ...because, role: 'App-WriterRole', objects: 'other/*' },
    { ...because, role: 'App-Gone', action: 'sqs:SendMessage' },
  ];
  expect(judgeRights([role], [read], { awsOnly, rare }, account).stale).toEqual([
    's3:ListBucket of lambda.amazonaws.com: no role has it',
    's3:GetObject of lambda.amazonaws.com: asked for here',
    'other/* of App-WriterRole: the role does not have it',
    'sqs:SendMessage of App-Gone: the role does not have it',
  ]);
});

it('has a test that exists, or a page of AWS, as the source of each rare right', () => {
  const wrong = rareRights.filter(
    ({ source }) => !source.startsWith('https://docs.aws.amazon.com/') && !existsSync(join(PROJECT_FOLDER, source)),
  );
  expect(wrong).toEqual([]);
});
