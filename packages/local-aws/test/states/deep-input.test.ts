import { CreateStateMachineCommand, StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { createStatesService } from '../../src/states/service.ts';

const roleArn = 'arn:aws:iam::000000000000:role/r';
const deep = (levels: number, open = '[', close = ']', inside = '') =>
  open.repeat(levels) + inside + close.repeat(levels);

let gateway: Gateway;
let clients: AwsClients;
let machine: string | undefined;
const logged: string[] = [];
beforeAll(async () => {
  const states = createStatesService({
    clients: () => clients,
    clock: systemClock,
    random: systemRandom,
    meter: unmetered,
  });
  gateway = await startGateway({
    port: 0,
    region: 'us-east-1',
    accountId: '000000000000',
    random: systemRandom,
    services: [states],
    engines: [],
    log: (line) => void logged.push(line),
  });
  clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
  machine = await create('{% $states.input %}');
});
afterAll(async () => {
  clients.destroy();
  await gateway.stop();
  expect(logged).toEqual([]);
});

async function create(output: unknown, text = JSON.stringify(output)): Promise<string | undefined> {
  const definition = `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":${text},"End":true}}}`;
  const { stateMachineArn } = await clients.sfn.send(
    new CreateStateMachineCommand({ name: `m${text.length}`, roleArn, type: 'EXPRESS', definition }),
  );
  return stateMachineArn;
}

describe('JSON that is nested deep', () => {
  it('runs up to a thousand levels', async () => {
    const input = deep(1_000);
    const { status, output } = await clients.sfn.send(
      new StartSyncExecutionCommand({ stateMachineArn: machine, input }),
    );
    expect([status, output]).toEqual(['SUCCEEDED', input]);
  });

  it.each([
    ['1,001 arrays', deep(1_001)],
    ['20,000 arrays', deep(20_000)],
    ['20,000 objects', deep(20_000, '{"a":', '}', '1')],
    ['100,000 arrays', deep(100_000)],
  ])('is no input from %s on', async (_case, input) => {
    for (const command of [
      new StartSyncExecutionCommand({ stateMachineArn: machine, input }),
      new StartExecutionCommand({ stateMachineArn: machine, input }),
    ]) {
      const call = command instanceof StartSyncExecutionCommand ? clients.sfn.send(command) : clients.sfn.send(command);
      await expect(call).rejects.toMatchObject({
        name: 'InvalidExecutionInput',
        message: expect.stringContaining('nested more than 1000 levels deep'),
      });
    }
  });

  it('is no definition', async () => {
    await expect(create(undefined, deep(20_000))).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining('nested more than 1000 levels deep'),
    });
  });

  it('is no request', async () => {
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.ListStateMachines', 'content-type': 'application/x-amz-json-1.0' },
      body: `{"a":${deep(20_000)}}`,
    });
    expect([response.status, await response.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  });
});
