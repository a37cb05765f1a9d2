import { beforeEach, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { SynthesisError } from '../../src/assembly/synthesize.ts';
import type { StackDeployment } from '../../src/cloudformation/deploy-app.ts';
import type { ResourceChange } from '../../src/cloudformation/stack.ts';
import { collectChanges } from '../../src/watch/folder-changes.ts';
import { watchApp } from '../../src/watch/watch-app.ts';

type Deploy = () => Promise<readonly StackDeployment[]>;

const change = (
  action: ResourceChange['action'],
  logicalId: string,
  replacement?: 'True' | 'False',
): ResourceChange => ({
  ...{ action, logicalId, type: 'AWS::StepFunctions::StateMachine', properties: [], changesTags: false },
  ...(replacement !== undefined && { replacement }),
});
const unchanged: StackDeployment = { name: 'Other', changes: [], elapsedMs: {}, failures: [] };
const deployment = (...changes: ResourceChange[]): StackDeployment[] => [
  unchanged,
  { name: 'Orders', status: 'UPDATE_COMPLETE', changes, elapsedMs: { Workflow: 210 }, failures: [] },
];

let clock: ManualClock;
let changes: ReturnType<typeof collectChanges>;
let given: AbortController;
let printed: string[];
/** What each deployment does, in order. */
let deployments: Deploy[];
let watching: Promise<void>;

const deploy: Deploy = () => (deployments.shift() ?? (() => Promise.reject(new Error('a deployment too many'))))();
const print = (line: string) => void printed.push(line);

beforeEach(async () => {
  clock = new ManualClock();
  changes = collectChanges();
  given = new AbortController();
  printed = [];
  deployments = [async () => [unchanged]];
  watching = watchApp({ changes, deploy, clock, print }, given.signal);
  await clock.advance(0);
  expect(printed).toEqual(['Watching the app: each saved change is deployed.']);
  printed.length = 0;
});

it('begins with what changed since the start, and reports only that', async () => {
  deployments = [async () => deployment(change('Add', 'Workflow'))];
  await watchApp({ changes, deploy, clock, print }, AbortSignal.abort());
  expect(printed).toEqual(['+ AWS::StepFunctions::StateMachine Orders.Workflow created, 0.2 s']);
});

it('deploys once when the files are quiet, and says what that did', async () => {
  deployments = [
    async () =>
      deployment(change('Modify', 'Workflow', 'False'), change('Modify', 'A', 'True'), change('Remove', 'Old')),
  ];
  changes.add('workflow.asl.yaml');
  await clock.advance(50);
  changes.add('bin/app.ts');
  await clock.advance(50);
  expect(printed).toEqual([]);
  await clock.advance(60);
  expect(printed).toEqual([
    '~ AWS::StepFunctions::StateMachine Orders.Workflow updated, 0.2 s',
    '± AWS::StepFunctions::StateMachine Orders.A replaced, 0.0 s',
    '- AWS::StepFunctions::StateMachine Orders.Old deleted, 0.0 s',
    'Running 0.1 s after a change of bin/app.ts and 1 more.',
  ]);
});

it('deploys again what changes meanwhile', async () => {
  deployments = [() => clock.sleep(1_000).then(() => [unchanged]), async () => deployment()];
  changes.add('one');
  await clock.advance(500);
  changes.add('two');
  await clock.advance(1_000);
  expect(printed).toEqual(['Nothing to deploy 1.1 s after a change of one.', 'Running 0.1 s after a change of two.']);
});

it('prints why an app cannot be synthesized, and goes on with the next change', async () => {
  deployments = [
    async () => {
      throw new SynthesisError('The CDK app (node app.ts) could not be synthesized:\nbad.asl.yaml: no such state');
    },
    async () => [unchanged],
  ];
  changes.add('bad.asl.yaml');
  await clock.advance(100);
  expect(printed).toEqual([
    'After a change of bad.asl.yaml: The CDK app (node app.ts) could not be synthesized:\n' +
      'bad.asl.yaml: no such state\nWhat ran before runs on.',
  ]);
  changes.add('bad.asl.yaml');
  await clock.advance(100);
  expect(printed.at(-1)).toBe('Nothing to deploy 0.1 s after a change of bad.asl.yaml.');
});

it.each([
  ['UPDATE_ROLLBACK_COMPLETE', 'What ran before runs on.'],
  ['UPDATE_ROLLBACK_FAILED', 'It is neither as before nor as it should be. Start the runtime again.'],
] as const)('prints why a stack ended in %s, and what stands', async (status, line) => {
  const failures = ['Workflow (AWS::StepFunctions::StateMachine): InvalidDefinition: no such state'];
  deployments = [async () => [{ name: 'Orders', status, changes: [], elapsedMs: {}, failures }]];
  changes.add('app.ts');
  await clock.advance(100);
  expect(printed).toEqual([`Stack Orders could not be deployed (${status}):`, `  ${failures[0]}`, line]);
});

it.each([
  ['while nothing changes', 0],
  ['while the files are not quiet', 30],
  ['in a deployment, without a word', 500],
])('ends at Ctrl-C %s', async (_when, afterMs) => {
  deployments = [
    async () => {
      await clock.sleep(1_000);
      given.signal.throwIfAborted();
      return [];
    },
  ];
  if (afterMs > 0) changes.add('app.ts');
  await clock.advance(afterMs);
  given.abort(new Error('Ctrl-C'));
  await clock.advance(1_000);
  await watching;
  expect(printed).toEqual([]);
});
