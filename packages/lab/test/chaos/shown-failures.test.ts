import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { CrashPoint } from '../../src/chaos/crash-point.ts';
import { allCrashPoints } from '../../src/chaos/crash-points.ts';
import { chaosFaults } from '../../src/chaos/fault-specs.ts';

/** The failures of the table that says where each shows, in docs/status.md. */
const page = readFileSync(join(PROJECT_FOLDER, 'docs', 'status.md'), 'utf8');
const [, section = ''] = page.split('## Where each failure shows');
const failures = section.split('\n').flatMap((line) => /^\| (?!Failure|---)(.+?) \|/.exec(line)?.[1] ?? []);

/** Words of the failure that a crash point is. */
const crashes: Readonly<Record<CrashPoint['how'], string>> = {
  kill: 'the runtime is killed',
  'kill-starting': 'the runtime is killed',
  'kill-call': 'the runtime is killed',
  'kill-file': 'the runtime is killed',
  'kill-engine': 'the DynamoDB engine is killed',
  'fill-disk': 'the disk is full',
  'stay-gone': 'stays away',
  stop: 'or stopped',
};

/** The patterns of a row, such as `dynamodb.*`. */
const patternsOf = (failure: string) => [...failure.matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern);

function isOf(pattern: string, call: string): boolean {
  return pattern.endsWith('*') ? call.startsWith(pattern.slice(0, -1)) : pattern === call;
}

describe('docs/status.md says where each failure shows that chaos causes:', () => {
  it.each(chaosFaults.map(({ rule }) => rule))('%s', (rule) => {
    const [call = '', kind = ''] = rule.split(':');
    const rows = failures.filter((failure) =>
      patternsOf(failure).some((pattern) => isOf(pattern, kind === 'latency' ? kind : call)),
    );
    expect(rows).not.toEqual([]);
  });

  it.each([...new Set(allCrashPoints(seededRandom(1)).map(({ how }) => how))])('a crash: %s', (how) => {
    expect(failures.filter((failure) => failure.includes(crashes[how]))).toHaveLength(1);
  });

  it('a shard that is split or merged', () => {
    expect(failures).toContainEqual(expect.stringContaining('shard is split or merged'));
  });
});
