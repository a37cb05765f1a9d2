import { DescribeStateMachineCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { stateMachine } from '../../../src/assembly/resources/state-machine.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import { createStatesService } from '../../../src/states/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
beforeAll(async () => {
  const states = createStatesService({
    ...{ clients: () => aws.clients, clock: systemClock, random: systemRandom, meter: unmetered },
  });
  aws = await startTestEndpoint({ services: [states] });
});
afterAll(() => aws.stop());

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:mine';

function propertiesWith(output: string, more: JsonObject = {}): JsonObject {
  const Answer = { Type: 'Pass', Output: output, End: true };
  return {
    StateMachineType: 'EXPRESS',
    RoleArn: 'arn:aws:iam::000000000000:role/first',
    DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Answer', States: { Answer } }),
    ...more,
  };
}

const run = async () => (await aws.clients.sfn.send(new StartSyncExecutionCommand({ stateMachineArn }))).output;

describe('AWS::StepFunctions::StateMachine', () => {
  it('is created, kept, changed in place and deleted', async () => {
    const mine = new ResourceFixture(stateMachine, 'mine', aws.clients);
    const logGroup = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/mine:*';
    const first = propertiesWith('one', {
      LoggingConfiguration: {
        Level: 'ALL',
        IncludeExecutionData: true,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: logGroup } }],
      },
      TracingConfiguration: { Enabled: true },
    });
    expect(await mine.exists(first)).toBe(false);
    const created = await mine.create(first);
    expect(created).toEqual({ ref: stateMachineArn, attributes: { Arn: stateMachineArn, Name: 'mine' } });
    expect(await mine.create(first)).toEqual(created);
    expect([await mine.exists(), await run()]).toEqual([true, '"one"']);

    const second = propertiesWith(`\${Text}`, {
      DefinitionSubstitutions: { Text: 'two' },
      RoleArn: 'arn:aws:iam::000000000000:role/second',
    });
    expect(await mine.update(second)).toEqual(created);
    expect(await run()).toBe('"two"');
    expect(await aws.clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
      roleArn: 'arn:aws:iam::000000000000:role/second',
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });

    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });

  it('stays as it was when its new definition is none', async () => {
    const mine = new ResourceFixture(stateMachine, 'mine', aws.clients);
    await mine.create(propertiesWith('one'));
    await expect(mine.update(propertiesWith('one', { DefinitionString: '{}' }))).rejects.toMatchObject({
      name: 'InvalidDefinition',
    });
    expect(await run()).toBe('"one"');
    await mine.delete();
  });
});
