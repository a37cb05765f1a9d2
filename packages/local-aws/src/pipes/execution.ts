import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { type Meter, unitsOf } from '../meter/meter.ts';
import { batchItemFailures } from './batch-item-failures.ts';
import type { Outcome } from './delivery.ts';
import type { Element } from './element.ts';
import type { Enrichment } from './enrichment/enrichment.ts';
import { enrichedElements } from './enrichment/enrichment.ts';
import { DeliveryFailure, deliveryFailure } from './errors.ts';
import type { PipeLog } from './log.ts';
import type { PipeMetrics } from './pipe-metrics.ts';
import type { StreamRecord } from './sources/record.ts';
import type { ExecutionLog } from './stage.ts';
import { invoke, stage, transform } from './stage.ts';
import type { Target, TargetElement } from './targets/target.ts';
import type { Template } from './template/input-template.ts';
import type { TemplateInput } from './template/render.ts';

/** Limit of one execution, enrichment and target together, as on AWS. */
const maximumExecutionMs = 5 * 60 * 1000;

/** An event is billed per started 64 KB, https://aws.amazon.com/eventbridge/pricing/ */
const REQUEST_BYTES = 64 * 1024;

/** The stages of one pipe after its source. */
export interface Stages {
  enrichment?: { call: Enrichment; template: Template | undefined };
  target: { call: Target; template: Template | undefined };
  variables: Omit<TemplateInput['variables'], 'aws.pipes.event.ingestion-time'>;
  clock: Clock;
  random: Random;
  log: PipeLog;
  meter: Meter;
  metrics?: PipeMetrics;
}

/**
 * Sends records once through enrichment and target. Never throws. The template of a stage is applied to each element.
 * An empty enrichment answer skips the target and is a success. After five minutes the execution fails, which counts as
 * an attempt.
 */
export async function execute(records: readonly StreamRecord[], stages: Stages, signal: AbortSignal): Promise<Outcome> {
  const { clock, random, meter } = stages;
  let sizeBytes = 0;
  for (const { bytes } of records) {
    meter.add('pipesRequests', unitsOf(bytes, REQUEST_BYTES));
    sizeBytes += bytes;
  }
  const count = stages.metrics?.execution(records.length, sizeBytes, clock.now());
  const executionId = random.uuid();
  const log: ExecutionLog = (type, fields) => {
    const nowMs = clock.now();
    count?.(type, nowMs);
    stages.log.write(nowMs, executionId, type, fields);
  };
  const payload = () => JSON.stringify(records.map(({ event }) => event));
  // Not AbortSignal.any: the outer signal exists as long as the pipe and would hold a reference to every execution.
  const ended = new AbortController();
  const cut = new AbortController();
  const onOuterAbort = () => cut.abort(signal.reason);
  if (signal.aborted) onOuterAbort();
  signal.addEventListener('abort', onOuterAbort);
  let timedOut = false;
  void clock.sleep(maximumExecutionMs, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    timedOut = true;
    cut.abort();
  });
  try {
    log('EXECUTION_STARTED', { payload });
    const failedIds = await runStages(records, stages, cut.signal, log);
    if (failedIds.size === 0) {
      log('EXECUTION_SUCCEEDED');
      return { result: 'succeeded' };
    }
    const failure = itemFailure(failedIds.size, records.length, stages.target.call);
    log('EXECUTION_PARTIALLY_FAILED', { payload, error: failure });
    return { result: 'partially-failed', failedIds, failure };
  } catch (thrown) {
    if (timedOut) {
      const message = 'The execution took longer than 5 minutes.';
      const failure = new DeliveryFailure('customer', 'ExecutionTimeout', message, { service: 'pipes', cause: thrown });
      log('EXECUTION_TIMEOUT', { payload, error: failure });
      return { result: 'failed', failure };
    }
    const failure = deliveryFailure(thrown, 'pipes');
    log(failure.throttled ? 'EXECUTION_THROTTLED' : 'EXECUTION_FAILED', { payload, error: failure });
    return { result: 'failed', failure };
  } finally {
    ended.abort();
    signal.removeEventListener('abort', onOuterAbort);
  }
}

/** Returns the event ids that the target reported as failed. Throws on every other failure. */
async function runStages(
  records: readonly StreamRecord[],
  stages: Stages,
  signal: AbortSignal,
  log: ExecutionLog,
): Promise<ReadonlySet<string>> {
  const ingestionTime = new Date(stages.clock.now()).toISOString();
  const variables = { ...stages.variables, 'aws.pipes.event.ingestion-time': ingestionTime };
  const elements = await enrich(records.map(sourceElement), stages, variables, signal, log);
  if (elements === undefined) {
    log('TARGET_STAGE_SKIPPED');
    return new Set();
  }
  const { call, template } = stages.target;
  return stage('TARGET', log, async () => {
    if (elements.length > call.maximumElements) throw tooManyElements(elements.length, call);
    const texts = transform('TARGET', elements, template, variables, log);
    const request = () => `[${texts.join(',')}]`;
    const answer = await invoke('TARGET', request, log, () => call.deliver(targetElements(texts, elements), signal));
    const eventIds = records.map(({ eventId }) => eventId);
    const failed = batchItemFailures(answer, eventIds);
    if (failed === 'all') throw itemFailure(records.length, records.length, call);
    if (failed.size === 0) log('TARGET_STAGE_SUCCEEDED');
    else log('TARGET_STAGE_PARTIALLY_FAILED', { error: itemFailure(failed.size, records.length, call) });
    return failed;
  });
}

/** The elements for the target. Undefined when the enrichment's answer is empty. */
async function enrich(
  elements: readonly Element[],
  { enrichment }: Stages,
  variables: TemplateInput['variables'],
  signal: AbortSignal,
  log: ExecutionLog,
): Promise<readonly Element[] | undefined> {
  if (enrichment === undefined) return elements;
  return stage('ENRICHMENT', log, async () => {
    const request = `[${transform('ENRICHMENT', elements, enrichment.template, variables, log).join(',')}]`;
    const answer = await invoke(
      'ENRICHMENT',
      () => request,
      log,
      () => enrichment.call.invoke(request, signal),
    );
    log('ENRICHMENT_STAGE_SUCCEEDED');
    return enrichedElements(answer)?.map((element) => ({ raw: element, parsed: element }));
  });
}

/** Parses the body only when a template reads it. */
function sourceElement(record: StreamRecord): Element {
  return {
    raw: record.event,
    get parsed() {
      return record.parsedEvent;
    },
  };
}

/** Parses a record's body only for a target that reads its event. */
function targetElements(texts: readonly string[], elements: readonly Element[]): TargetElement[] {
  return texts.map((text, index) => ({
    text,
    get event() {
      return elements[index]?.parsed ?? null;
    },
  }));
}

function itemFailure(failed: number, of: number, { service }: Target): DeliveryFailure {
  const message = `The target reported ${failed} of ${of} records as failed.`;
  return new DeliveryFailure('customer', 'BatchItemFailures', message, { service, httpStatusCode: 200 });
}

function tooManyElements(count: number, { service, maximumElements }: Target): DeliveryFailure {
  const message = `The enrichment answered ${count} items. The target takes at most ${maximumElements}.`;
  return new DeliveryFailure('customer', 'EnrichmentResponseTooLarge', message, { service });
}
