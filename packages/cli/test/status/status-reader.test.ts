import { DescribeStacksCommand, ListStackResourcesCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, expect, it } from '@jest/globals';
import type { Fact } from '@tweet-pipes/console/fact';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { StatusReader } from '../../src/status/status-reader.ts';
import { Search } from '../../src/trace/context.ts';

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:1';
const clients = createClients({ endpoint: nowhere, maxAttempts: 1 });
afterAll(() => clients.destroy());

const types = {
  Stream: 'AWS::Kinesis::Stream',
  Table: 'AWS::DynamoDB::Table',
  Pipe: 'AWS::Pipes::Pipe',
  Workflow: 'AWS::StepFunctions::StateMachine',
  Delivery: 'AWS::KinesisFirehose::DeliveryStream',
  Function: 'AWS::Lambda::Function',
  Alarm: 'AWS::CloudWatch::Alarm',
};

/** CloudFormation answers, and no other service does. */
async function answer(command: object): Promise<object> {
  if (command instanceof ListStacksCommand) return { StackSummaries: [{ StackName: 'TweetPipes' }] };
  const isCore = 'input' in command && JSON.stringify(command.input).includes('"TweetPipes"');
  if (!isCore) throw Object.assign(new Error('Stack with id X does not exist'), { name: 'ValidationError' });
  if (command instanceof DescribeStacksCommand) {
    const Outputs = [{ OutputKey: 'ArchiveBucketName', OutputValue: 'archive' }];
    return { Stacks: [{ StackName: 'TweetPipes', StackStatus: 'CREATE_COMPLETE', Outputs }] };
  }
  if (!(command instanceof ListStackResourcesCommand)) throw new Error('an unexpected call');
  return {
    StackResourceSummaries: Object.entries(types).map(([LogicalResourceId, ResourceType]) => ({
      ...{ LogicalResourceId, ResourceType, PhysicalResourceId: `physical-${LogicalResourceId}` },
    })),
  };
}

it('a service that does not answer leaves facts unknown, with the reason, and ends no other reader', async () => {
  Object.assign(clients.cloudformation, { send: answer });
  const stacks = { stack: 'TweetPipes', lakeStack: 'TweetLake', salesStack: 'SalesLake' };
  const reader = new StatusReader({ clients, endpoint: nowhere, stacks, clock: new ManualClock() });
  const status = await reader.read();
  expect(status).toMatchObject({ ok: true, problems: [], stacks: [{ name: 'TweetPipes', state: 'CREATE_COMPLETE' }] });
  const [pipe] = status.pipes;
  const facts: (Fact<unknown> | undefined)[] = [
    ...[pipe?.state, pipe?.lag, pipe?.executions, pipe?.deadLetters, status.workflows[0]?.executions],
    ...[status.streams[0]?.shards, status.streams[0]?.traffic, status.tables[0]?.state, status.tables[0]?.traffic],
    ...[status.deliveryStreams[0]?.state, status.deliveryStreams[0]?.newest, status.deliveryStreams[0]?.errors],
    ...[status.functions[0]?.invocations, status.quarantine, status.alarms, status.local],
  ];
  for (const fact of facts) expect(fact).toEqual({ known: false, why: expect.stringMatching(/./) });
});

it('a place that a trace cannot read is not known, with the reason, and the trace goes on', async () => {
  const search = new Search();
  expect(await search.in('table tweets', 'the item', 'nothing', async () => 'found')).toBe('found');
  const denied = Object.assign(new Error('not allowed.'), { name: 'AccessDeniedException' });
  expect(await search.in('archive', 'its rows', [], () => Promise.reject(denied))).toEqual([]);
  expect({ ...search }).toEqual({
    looked: ['table tweets', 'archive'],
    notKnown: [{ what: 'its rows', why: 'archive: AccessDeniedException: not allowed', do: expect.any(String) }],
  });
});
