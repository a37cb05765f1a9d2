import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startChild } from '../../packages/cli/test/child.ts';

/** Every fault that keeps the order of an at-least-once pipeline. */
const mixed = `
  kinesis.PutRecords:throttle=10% kinesis.PutRecords:partial=50% kinesis.PutRecords:lose-answer=10% kinesis.PutRecords:late-error=10%
  kinesis.GetRecords:throttle=5% dynamodb.*:lose-answer=2% dynamodb.*:late-error=1% dynamodb.*:throttle=1% dynamodb.*:cut=1% dynamodb.*:partial=10%
  firehose.*:partial=30% firehose.*:lose-answer=20% s3.*:lose-answer=10% s3.*:error=5%
  states.*:lose-answer=10% pipe.*:redeliver=40% pipe.*:cut-batch=50% function.*:throw=15% function.*:crash=15% *.*:latency=5%@5-20ms seed=3`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const args = (...more: string[]): string[] => [
  'start',
  ...['--once', '--json', '--port', '0', '--data', join(folder, 'data')],
  ...more,
];

describe('npm start under faults', () => {
  it('ends with exact stores, and reports its fault rules and the number of injected faults', async () => {
    const { exitCode, out, err } = await startChild(args('--records', '300', '--faults', mixed)).ended;
    expect({ ...JSON.parse(out), err }).toMatchObject({ ok: true, records: 300, differences: [] });
    expect(err).toContain('Fault injection is ON');
    expect(err).toContain('  kinesis.PutRecords: partial 50%, calls from everyone\n');
    expect(err).toContain('  pipe.*: redeliver 40%\n');
    const counts = /Injected faults so far: (.+)\./.exec(err)?.[1] ?? '';
    for (const kind of ['cut-batch', 'latency', 'lose-answer', 'partial', 'redeliver', 'throttle'])
      expect(counts).toMatch(new RegExp(`\\b${kind} [1-9]`));
    expect(exitCode).toBe(0);
  });

  it('rejects an invalid specification before it touches the data', async () => {
    const { exitCode, out, err } = await startChild(args('--fresh', '--faults', 'kinesis.PutRecord5:throttle=5%'))
      .ended;
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain('kinesis has no operation PutRecord5');
    expect(err).not.toMatch(/\n\s+at /);
  });
});
