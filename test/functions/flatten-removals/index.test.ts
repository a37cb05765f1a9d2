import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BundledHandler } from '../bundled-handler.ts';

const event = {
  eventID: 'e1',
  eventName: 'REMOVE',
  eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026-01-01T00:00:00.000',
  dynamodb: { Keys: { id: { S: '1' } }, OldImage: { id: { S: '1' }, userName: { S: 'me' } } },
};

describe('the bundled handler', () => {
  let bundled: BundledHandler;
  beforeAll(async () => {
    bundled = await BundledHandler.build('flatten-removals');
  });
  afterAll(() => bundled.remove());

  const run = (environment: Record<string, string>, events: unknown) => bundled.run(events, environment);

  it('answers rows and counts error rows in a metric', async () => {
    const [metric, rows] = await run({ TABLE_LABELS: '{"T":"tweets"}', ARCHIVE_CONTENT: 'full' }, [event, 'bad']);

    expect(JSON.parse(metric ?? '')).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          { Namespace: 'TweetPipes', Dimensions: [['FunctionName']], Metrics: [{ Name: 'ErrorRows', Unit: 'Count' }] },
        ],
      },
      FunctionName: 'flatten',
      ErrorRows: 1,
    });
    expect(JSON.parse(rows ?? '')).toMatchObject([
      { table: 'tweets', id: '1', user_name: 'me' },
      { error: 'MalformedEvent' },
    ]);
  });

  it('says in a metric how old the oldest removal is', async () => {
    const removedAgo = (seconds: number) => ({
      ...event,
      dynamodb: { ...event.dynamodb, ApproximateCreationDateTime: Math.floor(Date.now() / 1000) - seconds },
    });
    const environment = { TABLE_LABELS: '{"T":"tweets"}', ARCHIVE_CONTENT: 'keys' };
    const [line] = await run(environment, [removedAgo(10), removedAgo(600), removedAgo(0)]);
    const metric = JSON.parse(line ?? '');

    expect(metric).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'TweetPipes',
            Dimensions: [['FunctionName', 'Table']],
            Metrics: [{ Name: 'LagSeconds', Unit: 'Seconds' }],
          },
        ],
      },
      FunctionName: 'flatten',
      Table: 'tweets',
    });
    expect(metric.LagSeconds).toBeGreaterThanOrEqual(600);
    expect(metric.LagSeconds).toBeLessThan(660);
    expect(metric).not.toHaveProperty('ErrorRows');
  });

  it('writes no metric when every row is good and none has a time', async () => {
    expect(await run({ TABLE_LABELS: '{"T":"tweets"}', ARCHIVE_CONTENT: 'keys' }, [event])).toHaveLength(1);
  });

  it('does not start with a wrong environment', async () => {
    await expect(run({ TABLE_LABELS: '{"T":"tweets"}', ARCHIVE_CONTENT: 'some' }, [event])).rejects.toThrow(
      'ARCHIVE_CONTENT must be one of full, keys, but is "some"',
    );
  });
});
