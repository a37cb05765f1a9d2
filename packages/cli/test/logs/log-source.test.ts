import { afterAll, expect, it } from '@jest/globals';
import { findLogSources } from '../../src/logs/log-source.ts';
import { errorText } from '../../src/status/last-error.ts';
import { fakeClients } from '../console/fake-clients.ts';

const stacks = { stack: 'Events', lakeStack: 'TweetLake', salesStack: 'SalesLake', isCoreNamed: true, namedLakes: [] };
const absent = Object.assign(new Error('Stack with id X does not exist'), { name: 'ValidationError' });
let outputs: string[] = [];
const clients = await fakeClients({
  DescribeStacksCommand({ StackName }) {
    if (StackName !== 'Events') throw absent;
    const Outputs = outputs.map((OutputKey) => ({ OutputKey, OutputValue: 'x' }));
    return { Stacks: [{ StackName, StackStatus: 'CREATE_COMPLETE', Outputs }] };
  },
  ListStackResourcesCommand: () => ({
    StackResourceSummaries: [
      { LogicalResourceId: 'Work', PhysicalResourceId: 'arn:work', ResourceType: 'AWS::StepFunctions::StateMachine' },
      { LogicalResourceId: 'Feed', PhysicalResourceId: 'feed', ResourceType: 'AWS::Pipes::Pipe' },
    ],
  }),
  DescribeStateMachineCommand: () => ({ name: 'work', definition: '{}' }),
  DescribePipeCommand: () => ({}),
});
afterAll(() => clients.destroy());

it.each([
  ['of another app names no option of this project', ['Other'], [undefined, undefined]],
  ['of this project names its options', ['TweetStreamName'], ['logLevel=ALL', 'pipeLogLevel=INFO']],
])('a stack %s for what is not logged', async (_name, keys, options) => {
  outputs = keys;
  const gaps = (await findLogSources(clients, stacks, 'http://127.0.0.1:9')).map(({ gap }) => gap);
  expect(gaps).toEqual([
    { what: 'logs nothing', option: options[0], property: 'LoggingConfiguration.Level: ALL' },
    { what: 'logs nothing', option: options[1], property: 'LogConfiguration.Level: INFO' },
  ]);
});

it('the text of an error is cut after 300 characters, but not the sentence of a denied call', () => {
  const event = (cause: string) => JSON.stringify({ type: 'TaskFailed', details: { error: 'E', cause } });
  const denied = `User: arn:${'x'.repeat(300)} is not authorized to perform: sqs:SendMessage because no policy allows it`;
  expect(errorText(event(denied))).toBe(`E: ${denied}`);
  expect(errorText(event('x'.repeat(400)))).toBe(`E: ${'x'.repeat(297)}`);
});
