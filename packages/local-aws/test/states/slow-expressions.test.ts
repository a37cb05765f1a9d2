import { CreateStateMachineCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import { createStatesService } from '../../src/states/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';
import { definitionText } from './fixture.ts';

let aws: TestEndpoint;
const states = createStatesService({
  clients: () => aws.clients,
  clock: systemClock,
  random: systemRandom,
  meter: unmetered,
  // Nothing ends the endless ones, but for `stop`.
  expressionBounds: { memoryBytes: 1e12, cpuMs: 1e9 },
});

beforeAll(async () => {
  aws = await startTestEndpoint({ services: [states] });
});

afterAll(async () => {
  await states.stop();
  await aws.stop();
});

/** A state machine that evaluates an expression of its input. Returns the runner of its executions. */
async function machine(name: string, expression: string) {
  const { stateMachineArn } = await aws.clients.sfn.send(
    new CreateStateMachineCommand({
      name,
      definition: definitionText({ Evaluate: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }),
      roleArn: 'arn:aws:iam::000000000000:role/r',
      type: 'EXPRESS',
    }),
  );
  return async (input: unknown) => {
    const command = new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    const { status, output, error } = await aws.clients.sfn.send(command);
    return { status, output, error };
  };
}

describe('an expression that takes long', () => {
  it('has its outcome while others have theirs', async () => {
    const backtracking = await machine('backtracking', '$count($match($states.input, /^(a+)+$/))');
    const joined = await machine('joined', "$length($join([1..65536].$states.input, ''))");
    const quick = await machine('quick', '$states.input + 1');
    const slow = [backtracking(`${'a'.repeat(100_000)}b`), joined('x'.repeat(64))];
    expect(await Promise.all([1, 2, 3].map(quick))).toMatchObject(['2', '3', '4'].map((output) => ({ output })));
    expect(await Promise.all(slow)).toMatchObject(['0', String(2 ** 22)].map((output) => ({ output })));
  });

  it('holds up no other client, and ends when the runtime stops', async () => {
    const endless = await Promise.all([
      machine('recursion', '($f := function($x) { $f($x + 1) }; $f($states.input))'),
      machine('comparison', '$count($distinct([1..9999999]))'),
      machine('format', "$formatNumber($states.input, '0e0')"),
    ]);
    const next = await machine('next', '$states.input + 1');
    let ended = 0;
    const running = endless.map((run) =>
      run(0)
        .catch(() => undefined)
        .finally(() => {
          ended += 1;
        }),
    );

    for (let number = 0; number < 20; number += 1)
      expect(await next(number)).toMatchObject({ status: 'SUCCEEDED', output: String(number + 1) });

    expect(ended).toBe(0);
    await states.stop();
    await Promise.all(running);
    expect(ended).toBe(3);
  });
});
