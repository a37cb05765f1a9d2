import { describe, expect, it } from '@jest/globals';
import { runningCore } from '../../src/stack/core-stack.ts';

const core = { name: 'TweetPipes', outputs: { TweetStreamName: 'tweets', WorkflowArn: 'arn' } };
const lake = { name: 'TweetLake', outputs: { LakeBucketName: 'lake' } };
const sales = { name: 'SalesLake', outputs: { SalesStreamName: 'changes', OrderPipeName: 'orders' } };

describe('the stack of the pipeline', () => {
  it.each([
    ['alone', [core]],
    ['before the others', [core, lake, sales]],
    ['behind another', [sales, core]],
  ])('is found by its outputs, %s', (_, stacks) => {
    expect(runningCore(stacks)).toBe('TweetPipes');
  });

  it('is asked for where only others run', () => {
    expect(() => runningCore([sales])).toThrow(
      'no stack that runs has it (SalesLake). Run it too: --stacks TweetPipes,SalesLake.',
    );
  });
});
