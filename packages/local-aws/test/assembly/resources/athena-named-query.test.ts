import { AthenaClient, CreateNamedQueryCommand, GetNamedQueryCommand } from '@aws-sdk/client-athena';
import { expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { athenaNamedQuery } from '../../../src/assembly/resources/athena-named-query.ts';
import { emptyAccess } from '../../iam/empty-access.ts';

it('is created although another query, which a start beside it replaces, is gone since it was listed', async () => {
  const athena = new AthenaClient({ region: 'us-east-1' });
  const send = async (command: unknown) => {
    if (command instanceof CreateNamedQueryCommand) return { NamedQueryId: 'new' };
    if (!(command instanceof GetNamedQueryCommand)) return { NamedQueryIds: ['replaced', 'other'] };
    if (command.input.NamedQueryId === 'other') return { NamedQuery: { Name: 'other' } };
    throw Object.assign(new Error('NamedQuery replaced was not found'), { name: 'InvalidRequestException' });
  };
  const clients = createClients({ endpoint: 'http://127.0.0.1:1' });
  const lake = { ...(await clients.lake()), athena: Object.assign(athena, { send }) };
  const environment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
  const identity = { logicalId: 'Mine', physicalName: 'mine', environment: { ...environment, stackName: 'Stack' } };
  const properties = { Name: 'mine', Database: 'd', QueryString: 'SELECT 1' };
  const assets = new Map();
  const context = {
    clients: { ...clients, lake: async () => lake },
    access: emptyAccess(),
    clock: systemClock,
    assets,
    shardsPerOnDemandStream: 1,
  };

  expect(await athenaNamedQuery.create(identity, properties, context)).toMatchObject({
    ref: 'new',
  });
  clients.destroy();
});
