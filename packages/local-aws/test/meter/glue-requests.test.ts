import { expect, it } from '@jest/globals';
import { AwsError } from '../../src/gateway/aws-error.ts';
import type { LocalService } from '../../src/gateway/local-service.ts';
import { withMeteredRequests } from '../../src/meter/glue-requests.ts';
import { UnitMeter } from '../../src/meter/meter.ts';
import { WORKER_ACCESS_KEY_ID } from '../../src/worker-key.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: WORKER_ACCESS_KEY_ID };

it('counts each call of the catalog, also a refused one, and none of a crawler', async () => {
  const meter = new UnitMeter();
  meter.separate(['TweetLake', 'SalesLake']);
  const service: LocalService = {
    signingName: 'glue',
    operations: {
      GetTable: async () => ({ Table: {} }),
      GetDatabase: async () => {
        throw new AwsError('EntityNotFoundException', 'Database saleslake not found.');
      },
      StartCrawler: async () => ({}),
    },
  };
  const { operations } = withMeteredRequests(service, meter);
  const call = (name: string, input: Record<string, unknown>, accessKeyId = context.accessKeyId) =>
    operations[name]?.(input, { ...context, accessKeyId });
  expect(await call('GetTable', { DatabaseName: 'tweetlake', Name: 'tweets' })).toEqual({ Table: {} });
  await expect(call('GetDatabase', { Name: 'saleslake' })).rejects.toThrow('not found');
  await call('StartCrawler', { Name: 'TweetLake-Crawler' });
  await call('GetTable', { DatabaseName: 'tweetlake', Name: 'tweets' }, 'local');
  expect(meter.byStack).toMatchObject({ TweetLake: { glueRequests: 1 }, SalesLake: { glueRequests: 1 } });
  expect(meter.callers.glueRequests).toBe(1);
});
