import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { RecoveryFixture, tweet } from '../recovery/recovery-fixture.ts';

let fixture: RecoveryFixture;
beforeAll(async () => {
  fixture = await RecoveryFixture.start();
});
afterAll(() => fixture?.stop());

async function command(...args: string[]) {
  const terminal = fakeTerminal();
  const before = process.env.AWS_ENDPOINT_URL;
  process.env.AWS_ENDPOINT_URL = fixture.app.runtime.endpoint;
  try {
    const exitCode = await run(args, {
      ...terminal,
      env: { ...terminal.env, AWS_ENDPOINT_URL: fixture.app.runtime.endpoint },
    });
    return { exitCode, out: terminal.printed(), err: terminal.complaints() };
  } finally {
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = before;
  }
}

async function trace(id: string) {
  const { exitCode, out } = await command('trace', id, '--json');
  return { exitCode, journey: JSON.parse(out) };
}

describe('redrive and reconcile on the command line', () => {
  it('say that there is nothing to do, and exit 0', async () => {
    expect(await command('redrive')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('the dead-letter queue is empty'),
    });
    const { exitCode, out } = await command('reconcile', '--json');
    expect({ exitCode, report: JSON.parse(out) }).toMatchObject({
      exitCode: 0,
      report: { counters: 0, differences: [] },
    });
  });

  it('refuse with exit code 1 while the pipe runs, and say how to stop it', async () => {
    const [large = ''] = await fixture.put({ ...tweet('1', 'a'), filler: 'x'.repeat(300_000) }, tweet('2', 'b'));
    await fixture.app.settled();
    for (const args of [['redrive'], ['reconcile', '--apply']]) {
      const { exitCode, err } = await command(...args);
      expect({ exitCode, err }).toEqual({
        exitCode: 1,
        err: expect.stringContaining(`aws pipes stop-pipe --name ${fixture.app.outputs.IngestPipeName}`),
      });
    }
    const dry = await command('redrive', '--dry-run');
    expect(dry).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/A dry run: nothing was changed.[\s\S]*1 put into quarantine[\s\S]*too-large/),
    });
    expect(dry.out).toContain(large);
    const status = await command('status', '--json');
    expect({ exitCode: status.exitCode, problems: JSON.parse(status.out).problems }).toMatchObject({
      exitCode: 2,
      problems: [
        { what: `dead letters of pipe ${fixture.app.outputs.IngestPipeName}`, do: expect.stringContaining('redrive') },
      ],
    });
    expect(await trace('1')).toMatchObject({
      exitCode: 0,
      journey: { known: true, verdict: { counted: 'no', why: expect.stringContaining('gave its record up') } },
    });
    expect(await trace('2')).toMatchObject({ exitCode: 0, journey: { verdict: { counted: 'yes' } } });
    expect(await trace('404')).toMatchObject({ exitCode: 2, journey: { known: false, steps: [] } });
    // Kept messages are visible again at once.
    expect(await command('redrive', '--stop')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('1 message, 1 settled and removed'),
    });
    expect(await command('redrive')).toMatchObject({ exitCode: 0, out: expect.stringContaining('is empty') });
    const { journey } = await trace('1');
    expect(journey).toMatchObject({ verdict: { why: expect.stringContaining('in quarantine: too-large') } });
    expect(journey.steps.map(({ what }: { what: string }) => what)).toEqual(['arrived', 'quarantined']);
  });

  it('leave traces of a tweet that was given up, stored by redrive, sent again and deleted', async () => {
    await fixture.whileFailing(
      ({ operation }) => operation === 'BatchExecuteStatement',
      async () => {
        await fixture.put(tweet('9', 'nine'));
        await fixture.app.settled();
      },
    );
    expect(await trace('9')).toMatchObject({ journey: { verdict: { counted: 'no' } } });
    await command('redrive', '--stop');
    await fixture.put(tweet('9', 'nine'), { delete: { status: { id_str: '9' } } }, tweet('9', 'nine'));
    await fixture.app.settled();
    const { journey } = await trace('9');
    expect(journey.verdict).toMatchObject({ counted: 'yes', why: expect.stringMatching(/once for #nine.*deleted/) });
    expect(journey.steps.map(({ what }: { what: string }) => what).sort()).toEqual(
      [
        ...['arrived', 'redriven', 'stored', 'counted'],
        ...['arrived', 'duplicate', 'arrived', 'deleted', 'archived', 'arrived', 'dropped'],
      ].sort(),
    );
  });

  it('show differences with exit code 2 until they are repaired', async () => {
    await fixture.putItem(fixture.app.outputs.HashtagTableName, { hashtag: { S: 'b' }, htCount: { N: '12' } });
    await fixture.putItem(fixture.app.outputs.HashtagTableName, { hashtag: { S: 'never' }, htCount: { N: '3' } });
    expect(await command('reconcile')).toMatchObject({
      exitCode: 2,
      out: expect.stringContaining('#never: 3, must be 0'),
    });
    const repaired = await command('reconcile', '--stop', '--apply');
    expect(repaired).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/2 repaired:\n {2}#b: 12, must be 1\n {2}#never: 3, must be 0/),
    });
    expect(repaired.err).toContain('Starting the pipe');
    expect(await command('reconcile')).toMatchObject({ exitCode: 0 });
  });

  it('say what they guarantee and what not', async () => {
    for (const name of ['redrive', 'reconcile']) {
      const { exitCode, out } = await command(name, '--help');
      expect(exitCode).toBe(0);
      expect(out).toMatch(/It guarantees:[\s\S]*It cannot/);
    }
  });
});
