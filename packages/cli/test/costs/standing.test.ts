import { describe, expect, it } from '@jest/globals';
import { standingFor } from '../../src/costs/standing.ts';
import { emptyStack } from './facts.ts';

describe('a month of a stack in which nothing happens', () => {
  it('has an on-demand stream by the hour, and no shards', () => {
    const standing = standingFor({ ...emptyStack, streams: [{ shards: 'on-demand', retentionHours: 48 }] });
    expect(standing).toMatchObject({ onDemandStreamHours: 730, shardHours: 0, extendedRetentionShardHours: 0 });
  });

  it('has shards by the hour, and their retention beyond a day', () => {
    const standing = standingFor({
      ...emptyStack,
      streams: [
        { shards: 3, retentionHours: 48 },
        { shards: 2, retentionHours: 24 },
      ],
    });
    expect(standing).toMatchObject({ onDemandStreamHours: 0, shardHours: 5 * 730, extendedRetentionShardHours: 2_190 });
  });

  it('counts endpoints by the hour, and volumes of notebook instances', () => {
    const facts = { ...emptyStack, interfaceEndpoints: 2, notebookVolumeBytes: 5_000_000_000 };
    expect(standingFor(facts)).toMatchObject({
      interfaceEndpointHours: 1_460,
      notebookVolumeByteMonths: 5_000_000_000,
    });
  });

  it('counts metrics of alarms, dashboards, keys, the catalog and polled table streams', () => {
    const facts = { ...emptyStack, alarmMetrics: 7, dashboards: 1, keys: 2, tableStreamPipes: 2, catalogObjects: 6 };
    expect(standingFor(facts)).toMatchObject({
      alarmMetricMonths: 7,
      dashboardMonths: 1,
      keyMonths: 2,
      catalogObjectMonths: 6,
      tableStreamPolls: 2 * 4 * 730 * 3_600,
    });
  });
});
