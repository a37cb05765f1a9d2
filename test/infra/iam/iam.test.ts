import { describe, expect, it } from '@jest/globals';

import { type StackName, type SynthesizedTemplate, synthesize } from '../synthesis.ts';
import type { Call } from './call.ts';
import { callsOfAlarms } from './calls-of-alarm.ts';
import { callsOfCrawlers } from './calls-of-crawler.ts';
import { callsOfDeliveries } from './calls-of-delivery.ts';
import { callsOfForgetting } from './calls-of-forgetting.ts';
import { callsOfFunctions } from './calls-of-function.ts';
import { callsOfGenerators } from './calls-of-generator.ts';
import { callsOfPipes } from './calls-of-pipe.ts';
import { callsOfSchedules } from './calls-of-schedule.ts';
import { callsOfWorkflows } from './calls-of-workflow.ts';
import { deployed } from './physical.ts';
import { type Policy, policiesOf, weaker } from './policies.ts';
import { answer, ownerOf } from './simulate.ts';

interface Callers {
  stack: StackName;
  callers: ((template: SynthesizedTemplate) => Call[])[];
  /** How many roles a service assumes for a resource of the account. */
  conditionalRoles: number;
}

const core: Callers = {
  stack: 'TweetPipes',
  callers: [callsOfWorkflows, callsOfPipes, callsOfDeliveries, callsOfFunctions, callsOfAlarms],
  conditionalRoles: 6,
};
/** The alarms of the lake tell the topic of the core, which lets any alarm of the account do so. */
const lake: Callers = {
  stack: 'TweetLake',
  callers: [callsOfDeliveries, callsOfFunctions, callsOfCrawlers, callsOfForgetting, callsOfSchedules],
  conditionalRoles: 2,
};
/** The lake asks Comprehend: a pipe and a workflow as in the core. */
const lakeWithSentiment: Callers = {
  stack: 'TweetLake',
  callers: [...lake.callers, callsOfWorkflows, callsOfPipes],
  conditionalRoles: 5,
};
/** The sales lake has a topic of its own. */
const sales: Callers = {
  stack: 'SalesLake',
  callers: [
    callsOfPipes,
    callsOfDeliveries,
    callsOfFunctions,
    callsOfCrawlers,
    callsOfGenerators,
    callsOfSchedules,
    callsOfAlarms,
  ],
  conditionalRoles: 3,
};
const configurations: [string, Record<string, unknown>, Callers][] = [
  ['by default', {}, core],
  ['with little logging', { logLevel: 'OFF', pipeLogLevel: 'OFF', tracing: false, shards: 2 }, core],
  ['of the lake', {}, lake],
  ['of a lake of Parquet', { lakeFormat: 'parquet' }, lake],
  ['of a lake whose archive keeps no content', { archiveContent: 'keys' }, lake],
  ['of a lake with sentiment', { sentiment: 'comprehend' }, lakeWithSentiment],
  [
    'of a lake with sentiment and little logging',
    { sentiment: 'comprehend', logLevel: 'OFF', pipeLogLevel: 'OFF', tracing: false },
    lakeWithSentiment,
  ],
  ['of the sales lake', {}, sales],
  ['of a sales lake with orders and little logging', { salesRatePerMinute: 60, pipeLogLevel: 'OFF' }, sales],
];

/** `action on resource, from` of each call that is not allowed. */
async function refused(calls: readonly Call[], policies: readonly Policy[]): Promise<string[]> {
  const answers = await Promise.all(calls.map(async (call) => ({ call, answer: await answer(call, policies) })));
  return answers
    .filter((answered) => answered.answer !== 'Allowed')
    .map(({ call }) => `${call.action} on ${call.resource}, ${call.from}`);
}

/** Whether a call is not allowed. Those behind the first such call are not simulated. */
async function isAnyRefused(calls: readonly Call[], policies: readonly Policy[]): Promise<boolean> {
  for (const call of calls) if ((await answer(call, policies)) !== 'Allowed') return true;
  return false;
}

describe.each(configurations)('the roles and policies %s', (_, options, { stack, callers, conditionalRoles }) => {
  const template = deployed(synthesize(options, stack));
  const policies = policiesOf(template);
  const calls = callers.flatMap((callsOf) => callsOf(template));

  it('allow every call that the template makes', async () => {
    expect(await refused(calls, policies)).toEqual([]);
  });

  it('allow nothing else: without any statement, action or resource of theirs a call fails', async () => {
    const superfluous: string[] = [];
    for (const policy of policies) {
      const concerned = calls.filter(({ by, resource }) => [by, ownerOf(resource)].includes(policy.on));
      const others = policies.filter((other) => other !== policy);
      for (const { without, policy: weakened } of weaker(policy)) {
        const isNamed = ({ action }: Call) => without.includes(action);
        const likeliestFirst = [...concerned.filter(isNamed), ...concerned.filter((call) => !isNamed(call))];
        if (!(await isAnyRefused(likeliestFirst, [...others, weakened]))) {
          superfluous.push(`${without} of ${policy.on}`);
        }
      }
    }

    expect(superfluous).toEqual([]);
  });

  it('let no other account use a role through its service', async () => {
    const foreign = calls
      .filter(({ action, context }) => action === 'sts:AssumeRole' && Object.keys(context ?? {}).length > 0)
      .map((call) => ({
        ...call,
        context: {
          'aws:SourceAccount': '999988887777',
          'aws:SourceArn': 'arn:aws:pipes:eu-central-1:999988887777:pipe/x',
          'sts:ExternalId': '999988887777',
        },
      }));

    expect(foreign).toHaveLength(conditionalRoles);
    expect(await refused(foreign, policies)).toHaveLength(conditionalRoles);
  });

  it('refuse every call without TLS to buckets, queues and topic', async () => {
    const services = /^(s3|sqs|sns):/;
    const plain = calls
      .filter(({ action }) => services.test(action))
      // The bucket of the other stack has its policy there.
      .filter(({ resource }) => !/^arn:aws:s3:::archivebucket($|\/)/.test(resource))
      .map((call) => ({ ...call, context: { ...call.context, 'aws:SecureTransport': 'false' } }));
    const withoutDenials = policies.map((policy) => ({
      ...policy,
      document: { ...policy.document, Statement: policy.document.Statement.filter(({ Effect }) => Effect === 'Allow') },
    }));

    expect(plain.length).toBeGreaterThan(10);
    expect(await refused(plain, policies)).toHaveLength(plain.length);
    expect(await refused(plain, withoutDenials)).toEqual([]);
  });
});
