import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { CallMeter, meterCalls } from '../../src/console/call-costs.ts';
import { awsError, fakeClients } from './fake-clients.ts';

describe('CallMeter', () => {
  it.each([
    ['GetMetricDataCommand', { MetricDataQueries: [{}, {}, {}] }, {}, 3 * 0.00001],
    ['DescribeAlarmsCommand', {}, {}, 0.00001],
    ['ListObjectsV2Command', {}, {}, 0.000005],
    ['GetObjectCommand', {}, {}, 0.0000004],
    ['GetQueueAttributesCommand', {}, {}, 0.0000004],
    ['ScanCommand', {}, { ConsumedCapacity: { CapacityUnits: 40 } }, 40 * 0.125e-6],
    ['GetItemCommand', {}, {}, 0.5 * 0.125e-6],
    ['DescribePipeCommand', {}, {}, 0],
  ])('prices %s', (command, input, answer, usd) => {
    const meter = new CallMeter(new ManualClock());
    meter.note(command, input, answer);
    expect(meter.costs.usd).toBeCloseTo(usd, 12);
  });

  it('tells what an hour costs by the last ten minutes', async () => {
    const clock = new ManualClock();
    const meter = new CallMeter(clock);
    const look = () => meter.note('GetMetricDataCommand', { MetricDataQueries: [{}] }, {});
    look();
    // A first look is not taken for the rate of an hour.
    expect(meter.costs.usdPerHour).toBeCloseTo(60 * 0.00001, 12);
    await clock.advance(10 * 60_000);
    for (let minute = 0; minute < 10; minute += 1) look();
    expect(meter.costs).toEqual({
      ...{ calls: 11, usd: expect.closeTo(11 * 0.00001, 12) },
      usdPerHour: expect.closeTo(60 * 0.00001, 12),
    });
  });
});

describe('meterCalls', () => {
  it('counts the calls of each client that succeed', async () => {
    const clients = await fakeClients({
      DescribePipeCommand: ({ Name }) => {
        if (Name === 'none') throw awsError('NotFoundException');
        return {};
      },
    });
    const meter = new CallMeter(new ManualClock());
    await meterCalls(clients, meter);
    await clients.pipes.send(new DescribePipeCommand({ Name: 'some' }));
    await expect(clients.pipes.send(new DescribePipeCommand({ Name: 'none' }))).rejects.toThrow();
    expect(meter.costs.calls).toBe(1);
  });
});
