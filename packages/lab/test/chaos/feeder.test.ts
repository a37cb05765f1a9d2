import { expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { FakeKinesis } from '../../../../test/producer/fake-kinesis.ts';
import { until } from '../../../kit/test/until.ts';
import { type FedStream, Feeder } from '../../src/chaos/feeder.ts';

/** Every sleep lasts one turn of the event loop. */
const clock = { now: systemClock.now, sleep: () => systemClock.sleep(0) };

function stream(client = new FakeKinesis()): FedStream & { client: FakeKinesis } {
  return { client, streamName: 'tweets' };
}

it('feeds released records only', async () => {
  const feeder = new Feeder({ seed: 1, clock });
  const fed = stream();
  feeder.use(fed);
  feeder.release(30);
  await until(() => feeder.acknowledged.length === 30);
  expect(fed.client.stored).toHaveLength(30);
  feeder.release(20);
  feeder.finish();
  expect(await feeder.done).toMatchObject({ sent: 50, lost: 0 });
  expect(fed.client.stored).toHaveLength(50);
});

it('waits while no runtime answers, also when one exits before its first answer', async () => {
  const feeder = new Feeder({ seed: 1, clock });
  feeder.release(10);
  feeder.finish();
  for (let turn = 0; turn < 5; turn += 1) {
    await clock.sleep();
    feeder.use(undefined);
  }
  feeder.use(stream());
  expect(await feeder.done).toMatchObject({ sent: 10, lost: 0 });
});

it('repeats unanswered records at the next runtime, and reports that they may be in the stream twice', async () => {
  const feeder = new Feeder({ seed: 1, clock });
  const [crashing, next] = [stream(), stream()];
  crashing.client.before = () => {
    feeder.use(undefined);
    feeder.use(next);
    return Promise.reject(new Error('The socket is gone.'));
  };
  feeder.use(crashing);
  feeder.release(10);
  feeder.finish();
  expect(await feeder.done).toMatchObject({ sent: 10, lost: 0 });
  expect(next.client.stored).toHaveLength(10);
  expect(feeder.acknowledged.some(({ maybeTwice }) => maybeTwice)).toBe(true);
});

it('rejects when it is abandoned', async () => {
  const feeder = new Feeder({ seed: 1, clock });
  feeder.release(10);
  await clock.sleep();
  feeder.abandon();
  await expect(feeder.done).rejects.toThrow('interrupted');
});
