import { describe, expect, it } from '@jest/globals';
import type { Status } from '@tweet-pipes/console/status';
import { statusLines } from '../../src/status/status-lines.ts';
import { StatusChanges } from '../../src/status/watch-status.ts';
import { known, pipe, unknown, well } from './facts.ts';

const layout = { columns: undefined, bold: (text: string) => text };
const lines = (status: Partial<Status>) => statusLines({ ok: true, problems: [], ...well, ...status }, layout);
const stopped = { what: 'pipe Ingest', why: 'is STOPPED', do: 'Start it.' };

describe('a status for people', () => {
  it('says that all is well, and how each part is', () => {
    const text = lines({}).join('\n');
    expect(text).toMatch(/^All is well: TweetPipes\n/);
    expect(text).toMatch(/\nIngest +RUNNING +0 +120 +0 +0 +0\n/);
    expect(text).toMatch(/\nIngestWorkflow +9 +9 +0 +0 +120 ms +480 ms\n/);
    expect(text).toMatch(/\nTweetStream +ACTIVE +4 open, 1 closed +120 +0 +0\n/);
    expect(text).toMatch(/\nTweets +ACTIVE +180 +0\.2 +0\n/);
    expect(text).toMatch(/\nTweetArchive +ACTIVE +60 s ago +2 s +3 +0\n/);
    expect(text).not.toContain('Not known');
  });

  it('has what is wrong at the top, with what to do', () => {
    expect(lines({ ok: false, problems: [stopped] }).slice(0, 3)).toEqual([
      '1 problem. Stacks looked at: TweetPipes',
      '  pipe Ingest: is STOPPED.',
      '    Start it.',
    ]);
  });

  it('shows what is not known as such, with the reason once, and never as 0', () => {
    const text = lines({
      pipes: [{ ...pipe, lag: unknown('AWS does not tell'), executions: unknown() }],
      functions: well.functions.map((each) => ({ ...each, invocations: unknown() })),
    }).join('\n');
    expect(text).toMatch(/\nIngest +RUNNING +\? +\? +\? +0 +0\n/);
    expect(text).toContain('\n  lag of pipes: AWS does not tell.\n');
    expect(text).toContain(
      '\n  executions of pipes, invocations of functions: CloudWatch has no values of the last 15 minutes.\n',
    );
  });

  it('counts injected faults, and lets no text harm the screen', () => {
    const local = {
      health: 'ready',
      problems: [],
      dataFolder: '/data\u001b[2J',
      freeBytes: 5e9,
      faults: { cut: 3 },
      denials: [],
    };
    const text = lines({ local: known(local) }).join('\n');
    expect(text).toContain('injected faults so far: cut 3');
    expect(text).not.toContain('\u001b');
  });
});

describe('a watched status without a screen', () => {
  const status = (...problems: Status['problems']): Status => ({ ...well, ok: problems.length === 0, problems });

  it('prints a line for what becomes wrong, and one for what becomes right', () => {
    const changes = new StatusChanges();
    const at = (seconds: number, read: Status | undefined, failure?: string) =>
      changes.since(read, failure, Date.parse('2026-11-29T12:00:00Z') + seconds * 1000);
    expect(at(0, status())).toEqual(['12:00:00 all is well']);
    expect(at(5, status(stopped))).toEqual(['12:00:05 pipe Ingest: is STOPPED. Start it.']);
    expect(at(10, status({ ...stopped, why: 'is STOPPED still' }))).toEqual([]);
    expect(at(15, undefined, 'Nothing answers')).toEqual(['12:00:15 the status cannot be read: Nothing answers']);
    expect(at(20, undefined, 'Nothing answers')).toEqual([]);
    expect(at(25, status())).toEqual(['12:00:25 the status can be read again', '12:00:25 pipe Ingest: is right again']);
  });
});
