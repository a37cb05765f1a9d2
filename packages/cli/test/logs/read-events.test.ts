import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { logReader } from '../../src/executions/read-log.ts';
import { chooseSources } from '../../src/logs/choose-sources.ts';
import { followEvents } from '../../src/logs/follow-events.ts';
import type { LogSource } from '../../src/logs/log-source.ts';
import { newestEvents } from '../../src/logs/newest-events.ts';
import { readEvents } from '../../src/logs/read-events.ts';
import { selectionsOf } from '../../src/logs/selection.ts';
import { FakeLogs } from './fake-logs.ts';

const ingest: LogSource = { kind: 'workflow', name: 'T-IngestWorkflow1', label: 'IngestWorkflow', logGroupName: '/w' };
const pipe: LogSource = { kind: 'pipe', name: 'T-IngestPipe1', label: 'Ingest', logGroupName: '/p' };
const flatten: LogSource = { kind: 'function', name: 'T-Flatten1', label: 'Flatten', logGroupName: '/none' };
const silent: LogSource = { kind: 'delivery', name: 'T-Archive1', label: 'Archive' };
const sources = [ingest, pipe, flatten, silent];

function logsOf(events: Record<string, number[]>): FakeLogs {
  const logs = new FakeLogs();
  for (const [group, times] of Object.entries(events)) {
    logs.groups.set(
      group,
      times.map((timestamp) => ({ timestamp, message: `${group} ${timestamp}` })),
    );
  }
  return logs;
}

async function messages(logs: FakeLogs, fromMs: number, onMissing?: (message: string) => void): Promise<string[]> {
  const found: string[] = [];
  const events = readEvents(logs.clients, selectionsOf(sources, {}), { fromMs, onMissing });
  for await (const { message } of events) found.push(message);
  return found;
}

describe('the events of several logs', () => {
  it('come in the order of time, page by page; a group that does not exist has none', async () => {
    const logs = logsOf({ '/w': [1, 4, 5, 6, 9], '/p': [2, 3, 7] });
    expect(await messages(logs, 2)).toEqual(['/p 2', '/p 3', '/w 4', '/w 5', '/w 6', '/p 7', '/w 9']);
  });

  it('are cut to the newest', async () => {
    const newest = async (most: number) => {
      const events = readEvents(logsOf({ '/w': [1, 4, 9], '/p': [2, 7] }).clients, selectionsOf(sources, {}), {
        fromMs: 0,
      });
      const found: string[] = [];
      for await (const { message } of newestEvents(events, most, new AbortController().signal)) found.push(message);
      return found;
    };
    expect(await newest(2)).toEqual(['/p 7', '/w 9']);
    expect(await newest(9)).toHaveLength(5);
  });

  it('say which group does not exist, once', async () => {
    const missing: string[] = [];
    await messages(logsOf({ '/w': [1, 2, 3], '/p': [] }), 0, (message) => missing.push(message));
    expect(missing).toEqual(['The log group /none does not exist, so nothing is logged.']);
  });

  it('of a single log that does not exist are the error of AWS, which names it', async () => {
    const read = logReader(logsOf({}).clients);
    const pages = read({ logGroupName: '/w', pattern: '', fromMs: 0, toMs: 9 })[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The log group /w does not exist, so nothing is logged.',
      $metadata: {},
    });
  });

  it('are followed: each once, also one that comes late, until the end', async () => {
    const logs = logsOf({ '/w': [1_000], '/p': [] });
    const clock = new ManualClock(2_000);
    const stop = new AbortController();
    const found: string[] = [];
    const following = (async () => {
      const selections = selectionsOf([ingest, pipe], {});
      const options = { clients: logs.clients, selections, fromMs: 0, everyMs: 1000, clock, signal: stop.signal };
      for await (const { message } of followEvents(options)) found.push(message);
    })();
    const look = async () => {
      const looks = logs.asked.length;
      while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1000);
      while (logs.asked.length === looks || clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await look();
    logs.groups.get('/p')?.push({ timestamp: 500, message: 'late' }, { timestamp: 3_000, message: 'new' });
    await look();
    await look();
    stop.abort();
    await following;
    expect(found).toEqual(['/w 1000', 'late', 'new']);
  });
});

describe('a word', () => {
  const chosen = async (word?: string) =>
    (await chooseSources(sources, word, logsOf({ '/other': [] }).clients)).map(({ name }) => name);

  it.each([
    [undefined, sources.map(({ name }) => name)],
    ['workflow', ['T-IngestWorkflow1']],
    ['pipes', ['T-IngestPipe1']],
    ['delivery', ['T-Archive1']],
    ['ingest', ['T-IngestWorkflow1', 'T-IngestPipe1']],
    ['T-Flatten1', ['T-Flatten1']],
    ['/p', ['T-IngestPipe1']],
    ['/other', ['/other']],
  ])('%s means its logs', async (word, names) => {
    expect(await chosen(word)).toEqual(names);
  });

  it('that means none gets the list of what there is, without harm', async () => {
    const refused = chosen('no\u001b[31mne');
    await expect(refused).rejects.toThrow(
      /^There is no log of "no\\u001b\[31mne"\. There are:\n {2}workflow IngestWorkflow, log group \/w\n/,
    );
    await expect(refused).rejects.toThrow(/delivery Archive, log group none\n/);
  });
});

describe('what is looked for', () => {
  it('is an id of a tweet that stands alone', () => {
    const [selection] = selectionsOf([ingest], { tweet: '123' });
    const messages = ['{"id":"123"}', 'id 123.', 'at 1234', 'shard-0123', 'x123'];
    expect(messages.map((message) => selection?.accepts?.(message))).toEqual([true, true, false, false, false]);
  });

  it('may hold every character that an expression gives a meaning', () => {
    for (const tweet of ['text-abc', 'a.b*c', '^-$', '[x-y]/{2}', '(?:\\d|#~&&)', 'é ü', '0-', 'z'.repeat(64)]) {
      const [selection] = selectionsOf([ingest], { tweet });
      expect([`{"id":"${tweet}"}`, `x${tweet}x`].map((message) => selection?.accepts?.(message))).toEqual([
        true,
        false,
      ]);
    }
  });

  it.each([
    [{}, ['{ $.type = "Execution*" || $.type = "*Failed" || $.type = "*TimedOut" || $.type = "*Aborted" }', '']],
    [{ filter: 'ERROR' }, ['ERROR', 'ERROR']],
    [{ tweet: '17"' }, ['"17\\""', '"17\\""']],
    [{ execution: '6289da6f' }, ['{ $.execution_arn = "*:6289da6f*" }']],
    [{ execution: 'arn:aws:x' }, ['{ $.execution_arn = "arn:aws:x" }']],
  ])('%j becomes a filter pattern', (sought, patterns) => {
    expect(selectionsOf([ingest, pipe], sought).map(({ pattern }) => pattern)).toEqual(patterns);
  });
});
