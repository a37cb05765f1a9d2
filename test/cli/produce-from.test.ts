import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';

import { produceFrom } from '../../cli/produce-from.ts';
import type { Source } from '../../producer/record.ts';
import { FakeKinesis, type Verdict } from '../producer/fake-kinesis.ts';
import { fakeTerminal } from './fake-terminal.ts';

function production(stream: FakeKinesis, terminal = fakeTerminal()) {
  return { client: stream, streamName: 'tweets', terminal };
}

function records(count: number): Source {
  return {
    total: count,
    *records() {
      for (let id = 0; id < count; id += 1) yield { partitionKey: String(id), data: Buffer.from(String(id)) };
    },
  };
}

describe('producing', () => {
  it('sums up, and answers 0 when all got through after retries', async () => {
    const stream = new FakeKinesis();
    const verdicts: Verdict[] = ['throttle'];
    stream.verdict = () => verdicts.pop() ?? 'store';
    const terminal = fakeTerminal();
    await produceFrom(records(1500), production(stream, terminal));
    expect(terminal.printed()).toMatch(/^Sent 1,500 records \(0\.0 MB\) in \d+\.\d s; 1 retried, 1 throttled\.$/);
    expect([terminal.complaints(), terminal.exitCode]).toEqual(['', 0]);
  });

  it('stops reading on Ctrl-C, says so, and answers 2 because the rest was not sent', async () => {
    const terminal = fakeTerminal();
    const source: Source = {
      async *records() {
        yield { partitionKey: '1', data: Buffer.from('1') };
        terminal.interrupt();
        await setImmediate();
        yield { partitionKey: '2', data: Buffer.from('2') };
      },
    };
    const stream = new FakeKinesis();
    await produceFrom(source, { ...production(stream, terminal), json: true });
    expect(stream.stored).toEqual([{ partitionKey: '1', data: '1' }]);
    expect(JSON.parse(terminal.printed())).toMatchObject({ sent: 1, interrupted: true });
    expect(terminal.exitCode).toBe(2);
  });

  it('tells when the source broke off', async () => {
    const terminal = fakeTerminal();
    const source: Source = {
      *records() {
        yield { partitionKey: '1', data: Buffer.from('1') };
        throw new Error('EIO: i/o error, read');
      },
    };
    await produceFrom(source, production(new FakeKinesis(), terminal));
    expect(terminal.printed()).toMatch(/^Sent 1 record /);
    expect(terminal.complaints()).toBe('Reading broke off: EIO: i/o error, read');
    expect(terminal.exitCode).toBe(2);
  });
});
