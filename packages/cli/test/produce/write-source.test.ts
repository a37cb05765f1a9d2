import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Source } from '@tweet-pipes/producer/record';
import { FakeKinesis, type Verdict } from '../../../../test/producer/fake-kinesis.ts';
import { dryRun } from '../../src/produce/dry-run.ts';
import { statusText } from '../../src/produce/live-view.ts';
import { writeSource } from '../../src/produce/write-source.ts';
import { fakeTerminal } from '../fake-terminal.ts';

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
    await writeSource(records(1500), production(stream, terminal));
    expect(terminal.printed()).toMatch(/^Sent 1,500 records \(4\.9 KB\) in \d+\.\d s; 1 retried, 1 throttled\.$/);
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
    await writeSource(source, { ...production(stream, terminal), json: true });
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
    await writeSource(source, production(new FakeKinesis(), terminal));
    expect(terminal.printed()).toMatch(/^Sent 1 record /);
    expect(terminal.complaints()).toBe('Reading broke off: EIO: i/o error, read');
    expect(terminal.exitCode).toBe(2);
  });

  it('ends well on Ctrl-C where the source has no end, and is silent when told to be', async () => {
    const terminal = fakeTerminal();
    const source: Source = {
      isEndless: true,
      async *records() {
        yield { partitionKey: '1', data: Buffer.from('1') };
        terminal.interrupt();
        await setImmediate();
        yield { partitionKey: '2', data: Buffer.from('2') };
      },
    };
    await writeSource(source, { ...production(new FakeKinesis(), terminal), quiet: true });
    expect([terminal.exitCode, terminal.printed(), terminal.complaints()]).toEqual([0, '', '']);
  });

  it('shows what goes on, on a terminal only', async () => {
    const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    const terminal = { ...fakeTerminal(), progress: screen };
    await writeSource(records(50), production(new FakeKinesis(), terminal));
    expect(String(screen.read())).toMatch(/sent .*\/50/);
    const file = new PassThrough();
    await writeSource(records(50), production(new FakeKinesis(), { ...fakeTerminal(), progress: file }));
    expect(file.read()).toBeNull();
  });

  it('puts what people want to know into a line', () => {
    const soFar = { sent: 9, retried: 0, throttled: 0 };
    expect(statusText(soFar, 1.25, undefined, '')).toBe('1.3/s');
    expect(statusText({ ...soFar, retried: 5000, throttled: 3 }, 1234.5, 1.24, '8 reads')).toBe(
      '1,235/s, 5,000 retried, 3 throttled, pipe 1.2 s behind, 8 reads',
    );
  });
});

describe('a dry run', () => {
  const source: Source = {
    *records() {
      yield { partitionKey: '1', data: Buffer.from('{"id":\n"1","text":"\u001b\u202e"}') };
      yield { partitionKey: '2', data: Buffer.from([0xff]) };
      throw new Error('EIO: i/o error, read');
    },
  };

  it('prints one record a line, on a screen without what could harm it, and what went wrong', async () => {
    const terminal = { ...fakeTerminal(), isScreen: true };
    await dryRun(source, terminal, {});
    expect(terminal.printed()).toBe('{"id": "1","text":"\ufffd\ufffd"}\n\ufffd');
    expect(terminal.complaints()).toBe(
      'Reading broke off: EIO: i/o error, read\n2 records, 28 bytes with their keys; nothing was sent.',
    );
    expect(terminal.exitCode).toBe(2);
  });

  it('gives a file or a program the records as they are', async () => {
    const terminal = fakeTerminal();
    await dryRun(source, terminal, { quiet: true });
    expect(terminal.printed()).toBe('{"id": "1","text":"\u001b\u202e"}\n\ufffd');
  });

  it('prints keys and exact bytes as JSON', async () => {
    const terminal = fakeTerminal();
    await dryRun(source, terminal, { json: true, quiet: true });
    expect(
      terminal
        .printed()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { partitionKey: '1', data: '{"id":\n"1","text":"\u001b\u202e"}' },
      { partitionKey: '2', base64: '/w==' },
    ]);
  });
});
