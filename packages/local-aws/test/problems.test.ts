import { beforeEach, describe, expect, it } from '@jest/globals';
import { Problems, saysDiskFull } from '../src/problems.ts';

let lines: string[];
let problems: Problems;
beforeEach(() => {
  lines = [];
  problems = new Problems((line) => lines.push(line));
});

const pipe = { what: 'pipe Ingest', why: 'its source cannot be read', do: 'It tries again.' };
const disk = { what: 'disk full', why: '/data, 3.2 MB left, needs 10 MB', do: 'Free some.' };

describe('problems', () => {
  it('are one line each, at their begin and at their end, however often they are reported', () => {
    problems.report(pipe);
    problems.report({ ...pipe, why: 'its source still cannot be read' });
    expect(problems.list).toEqual([{ ...pipe, why: 'its source still cannot be read' }]);
    problems.end('pipe Ingest');
    problems.end('pipe Ingest');
    problems.end('pipe Other');
    expect(problems.list).toEqual([]);
    problems.report(pipe);
    expect(lines).toEqual([
      'pipe Ingest: its source cannot be read. It tries again.',
      'pipe Ingest: works again.',
      'pipe Ingest: its source cannot be read. It tries again.',
    ]);
  });

  it('that follow from a full disk are listed without a line, until the disk is no reason any more', () => {
    problems.report(disk);
    problems.report({ ...pipe, why: 'ENOSPC: no space left on device, write' });
    expect(problems.list).toHaveLength(2);
    problems.report(disk);
    problems.end('disk full', 'There is room again.');
    problems.report({ ...pipe, why: 'ENOSPC: no space left on device, write' });
    problems.report({ ...pipe, why: 'EIO: i/o error, write' });
    expect(lines).toEqual([
      'disk full: /data, 3.2 MB left, needs 10 MB. Free some.',
      'There is room again.',
      'pipe Ingest: EIO: i/o error, write. It tries again.',
    ]);
  });

  it('of a part that meets a full disk first make the disk known, which alone has a line', () => {
    problems.onFullDisk(() => problems.report(disk));
    problems.report({ ...pipe, why: 'ENOSPC: no space left on device, write' });
    problems.report({ ...pipe, what: 'Kinesis files', why: 'IO error: No space left on device' });
    expect(problems.list.map(({ what }) => what)).toEqual(['disk full', 'pipe Ingest', 'Kinesis files']);
    expect(lines).toEqual(['disk full: /data, 3.2 MB left, needs 10 MB. Free some.']);
  });

  it('that a full disk left behind do not make it known again', () => {
    problems.onFullDisk(() => problems.report(disk));
    problems.report({ ...pipe, why: 'InternalServerError: disk full: /data, 3.2 MB left, needs 10 MB' });
    problems.report({ ...pipe, what: 'pipe Other', why: 'Error: ENOSPC' }, { isSilent: true });
    expect(lines).toEqual([]);
    expect(problems.list.map(({ what }) => what)).toEqual(['pipe Ingest', 'pipe Other']);
  });

  it.each([
    ['Node', 'ENOSPC: no space left on device, write'],
    ['Node, with a quota', 'EDQUOT: disk quota exceeded, write'],
    ['LevelDB', 'IO error: /data/kinesis/000009.ldb: No space left on device'],
    ['SQLite', 'database or disk is full'],
    ['the runtime', 'disk full: /data, 3.2 MB left, needs 10 MB'],
  ])('know a full disk by the words of %s', (_, text) => {
    expect(saysDiskFull(text)).toBe(true);
    expect(saysDiskFull('EIO: i/o error, write')).toBe(false);
  });
});
