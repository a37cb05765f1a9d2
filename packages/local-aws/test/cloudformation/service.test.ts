import { DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemRandom } from '@tweet-pipes/kit/random';
import { createCloudFormationService } from '../../src/cloudformation/service.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';

const createdAt = new Date('2026-01-02T03:04:05.000Z');
const service = createCloudFormationService();
let gateway: Gateway;
let clients: AwsClients;
beforeAll(async () => {
  const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] };
  gateway = await startGateway({ ...options, services: [service] });
  clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  clients.destroy();
  await gateway.stop();
});

describe('DescribeStacks', () => {
  it('returns the outputs of the last publication', async () => {
    service.publish({ name: 'Sensors', createdAt, outputs: [{ key: 'Old', value: 'x' }] });
    service.publish({
      name: 'Sensors',
      createdAt,
      description: 'a <b>',
      outputs: [{ key: 'TableName', value: 'Sensors-Readings', description: 'd', exportName: 'e' }],
      tags: { team: 'ж' },
    });
    service.publish({ name: 'Other', createdAt, outputs: [] });
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Sensors' }));
    const StackId = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Sensors/local';
    expect(Stacks).toMatchObject([
      {
        StackId,
        StackName: 'Sensors',
        StackStatus: 'CREATE_COMPLETE',
        Description: 'a <b>',
        CreationTime: createdAt,
        Outputs: [{ OutputKey: 'TableName', OutputValue: 'Sensors-Readings', Description: 'd', ExportName: 'e' }],
        Tags: [{ Key: 'team', Value: 'ж' }],
      },
    ]);
    expect((await clients.cloudformation.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks).toEqual(
      Stacks,
    );
    expect((await clients.cloudformation.send(new DescribeStacksCommand({}))).Stacks).toHaveLength(2);
  });

  it("answers CloudFormation's error for an unknown stack", async () => {
    const call = clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Nope' }));
    await expect(call).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id Nope does not exist' });
  });
});

it('refuses an unknown operation by name', async () => {
  await expect(clients.cloudformation.send(new ListStacksCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});
