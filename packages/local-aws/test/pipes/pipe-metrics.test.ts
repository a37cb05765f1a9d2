import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import { execute, type Stages } from '../../src/pipes/execution.ts';
import { PipeLog } from '../../src/pipes/log.ts';
import { PipeMetrics } from '../../src/pipes/pipe-metrics.ts';
import { RecordedMetrics } from '../cloudwatch/recorded-metrics.ts';
import { FakeTarget, failure, noVariables, recordOf } from './fixture.ts';

/** Runs one execution over two records, and gives what it counted. */
async function metricsOf(change: (stages: Stages, clock: ManualClock) => void): Promise<RecordedMetrics> {
  const metrics = new RecordedMetrics();
  const clock = new ManualClock();
  const stages: Stages = {
    meter: unmetered,
    metrics: new PipeMetrics('ingest', metrics),
    target: { call: new FakeTarget(), template: undefined },
    variables: noVariables,
    clock,
    random: seededRandom(1),
    log: new PipeLog({ resourceArn: 'pipe-arn', level: 'OFF', includeExecutionData: false }),
  };
  change(stages, clock);
  await execute([recordOf(1), recordOf(2)], stages, new AbortController().signal);
  return metrics;
}

const of = (metrics: RecordedMetrics, name: string) => metrics.of('AWS/EventBridge/Pipes', name, 'ingest');
const deliver = (stages: Stages, answer: () => Promise<never> | Promise<{ batchItemFailures: object[] }>): void => {
  Object.assign(stages.target.call, { deliver: answer });
};

describe('the metrics of an execution', () => {
  it('that succeeds', async () => {
    const metrics = await metricsOf(() => {});

    expect(of(metrics, 'EventCount')).toEqual([2]);
    expect(of(metrics, 'Invocations')).toEqual([1]);
    expect(of(metrics, 'EventSize')).toEqual([recordOf(1).bytes + recordOf(2).bytes]);
    expect(of(metrics, 'ExecutionFailed')).toEqual([]);
  });

  it('tell how long the target took', async () => {
    const metrics = await metricsOf((stages, clock) =>
      deliver(stages, async () => {
        await clock.advance(1_500);
        return { batchItemFailures: [] };
      }),
    );

    expect(of(metrics, 'TargetStageDuration')).toEqual([1_500]);
    expect(of(metrics, 'Duration')).toEqual([1_500]);
  });

  it.each([
    ['fails', 'Boom', 'ExecutionFailed'],
    ['is throttled', 'ThrottlingException', 'ExecutionThrottled'],
  ] as const)('that %s', async (_what, error, name) => {
    const metrics = await metricsOf((stages) =>
      deliver(stages, async () => {
        throw failure('internal', error);
      }),
    );

    expect(of(metrics, name)).toEqual([1]);
    expect(of(metrics, 'TargetStageFailed')).toEqual([1]);
    expect(of(metrics, 'Duration')).toHaveLength(1);
  });

  it('that fails in part', async () => {
    const metrics = await metricsOf((stages) =>
      deliver(stages, async () => ({ batchItemFailures: [{ itemIdentifier: recordOf(2).eventId }] })),
    );

    expect(of(metrics, 'ExecutionPartiallyFailed')).toEqual([1]);
    expect(of(metrics, 'TargetStagePartiallyFailed')).toEqual([1]);
    expect(of(metrics, 'ExecutionFailed')).toEqual([]);
  });

  it('that takes longer than five minutes', async () => {
    const metrics = await metricsOf((stages, clock) =>
      deliver(stages, async () => {
        await clock.advance(5 * 60_000);
        throw failure('customer');
      }),
    );

    expect(of(metrics, 'ExecutionTimeout')).toEqual([1]);
  });

  it('whose enrichment fails', async () => {
    const metrics = await metricsOf((stages) => {
      const call = {
        service: 'lambda' as const,
        async invoke(): Promise<never> {
          throw failure('customer');
        },
      };
      stages.enrichment = { call, template: undefined };
    });

    expect(of(metrics, 'EnrichmentStageFailed')).toEqual([1]);
    expect(of(metrics, 'TargetStageFailed')).toEqual([]);
  });
});
