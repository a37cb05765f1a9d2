import type { Clock } from '../clock.ts';
import type { Json } from '../json.ts';
import type { Random } from '../random.ts';
import type { Outcome } from './delivery.ts';
import type { Enrichment } from './enrichment/enrichment.ts';
import { enrichedElements } from './enrichment/enrichment.ts';
import { DeliveryFailure, deliveryFailure } from './errors.ts';
import type { LogFields, MessageType, PipeLog } from './log.ts';
import { batchItemFailures } from './partial-failures.ts';
import type { StreamRecord } from './sources/record.ts';
import type { Target } from './targets/target.ts';
import type { TemplateInput } from './template/render.ts';
import { renderTemplate } from './template/render.ts';
import type { Template } from './template/template.ts';
import { sentence } from './thrown.ts';

/** One pipe execution, enrichment and target together; cannot be raised on AWS either. */
const maximumExecutionMs = 5 * 60 * 1000;

/** The stages of one pipe after its source. */
export interface Stages {
  enrichment?: { call: Enrichment; template: Template | undefined };
  target: { call: Target; template: Template | undefined };
  variables: Omit<TemplateInput['variables'], 'aws.pipes.event.ingestion-time'>;
  clock: Clock;
  random: Random;
  log: PipeLog;
}

/** An element on its way to a stage. */
interface Element {
  readonly raw: Json;
  readonly parsed: Json;
}

/**
 * Sends records once through enrichment and target and says what came of it; never throws. The template of a stage is applied to each element.
 * An empty enrichment answer skips the target and is success. Five minutes at most, then a counted failure.
 */
export async function execute(records: readonly StreamRecord[], stages: Stages, signal: AbortSignal): Promise<Outcome> {
  const executionId = stages.random.uuid();
  const log = (type: MessageType, fields?: () => LogFields) =>
    stages.log.write(stages.clock.now(), executionId, type, fields);
  const deadline = new AbortController();
  const finished = new AbortController();
  void stages.clock.sleep(maximumExecutionMs, finished.signal).then(() => {
    if (!finished.signal.aborted) deadline.abort();
  });
  const payload = () => ({ payload: JSON.stringify(records.map(({ event }) => event)) });
  try {
    log('EXECUTION_STARTED', payload);
    const answer = await run(records, stages, AbortSignal.any([signal, deadline.signal]), log);
    const failed = batchItemFailures(
      answer,
      records.map(({ eventId }) => eventId),
    );
    if (failed !== 'all' && failed.size === 0) {
      log('EXECUTION_SUCCEEDED');
      return { result: 'succeeded' };
    }
    const count = failed === 'all' ? records.length : failed.size;
    const error = new DeliveryFailure(
      'customer',
      'BatchItemFailures',
      `The target reported ${count} of ${records.length} records as failed.`,
      {
        service: stages.target.call.service,
        httpStatusCode: 200,
      },
    );
    log(failed === 'all' ? 'EXECUTION_FAILED' : 'EXECUTION_PARTIALLY_FAILED', () => ({ ...payload(), error }));
    return failed === 'all'
      ? { result: 'failed', failure: error }
      : { result: 'partially-failed', failedIds: failed, failure: error };
  } catch (thrown) {
    const error = deadline.signal.aborted
      ? new DeliveryFailure('customer', 'ExecutionTimeout', 'The execution took longer than 5 minutes.', {
          service: 'pipes',
          cause: thrown,
        })
      : deliveryFailure(thrown, 'pipes');
    log(deadline.signal.aborted ? 'EXECUTION_TIMEOUT' : 'EXECUTION_FAILED', () => ({ ...payload(), error }));
    return { result: 'failed', failure: error };
  } finally {
    finished.abort();
  }
}

type Log = (type: MessageType, fields?: () => LogFields) => void;

async function run(
  records: readonly StreamRecord[],
  stages: Stages,
  signal: AbortSignal,
  log: Log,
): Promise<Json | undefined> {
  let elements: readonly Element[] = records.map(sourceElement);
  const variables = {
    ...stages.variables,
    'aws.pipes.event.ingestion-time': new Date(stages.clock.now()).toISOString(),
  };
  const { enrichment, target } = stages;
  if (enrichment !== undefined) {
    const enriched = await stage('ENRICHMENT', log, async () => {
      const texts = transform('ENRICHMENT', elements, enrichment.template, variables, log);
      const request = `[${texts.join(',')}]`;
      return invoke('ENRICHMENT', log, request, () => enrichment.call.invoke(request, signal));
    });
    const answers = enrichedElements(enriched);
    if (answers === undefined) {
      log('TARGET_STAGE_SKIPPED');
      return undefined;
    }
    elements = answers.map((answer) => ({ raw: answer, parsed: answer }));
  }
  return stage('TARGET', log, async () => {
    if (elements.length > target.call.maximumElements) {
      throw new DeliveryFailure(
        'customer',
        'EnrichmentResponseTooLarge',
        `The enrichment answered ${elements.length} items, more than the ${target.call.maximumElements} that the target takes.`,
        { service: target.call.service },
      );
    }
    const texts = transform('TARGET', elements, target.template, variables, log);
    return invoke(
      'TARGET',
      log,
      () => `[${texts.join(',')}]`,
      () => target.call.deliver(texts, signal),
    );
  });
}

/** The body is parsed only if a template reads it. */
function sourceElement(record: StreamRecord): Element {
  return {
    raw: record.event,
    get parsed() {
      return record.parsedEvent;
    },
  };
}

type StageName = 'ENRICHMENT' | 'TARGET';

async function stage<T>(name: StageName, log: Log, work: () => Promise<T>): Promise<T> {
  log(`${name}_STAGE_ENTERED`);
  try {
    const result = await work();
    log(`${name}_STAGE_SUCCEEDED`);
    return result;
  } catch (thrown) {
    log(`${name}_STAGE_FAILED`, () => ({ error: deliveryFailure(thrown, 'pipes') }));
    throw thrown;
  }
}

function transform(
  name: StageName,
  elements: readonly Element[],
  template: Template | undefined,
  variables: TemplateInput['variables'],
  log: Log,
): string[] {
  if (template === undefined) return elements.map(({ raw }) => JSON.stringify(raw));
  log(`${name}_TRANSFORMATION_STARTED`);
  try {
    const texts = elements.map(({ raw, parsed }) => renderTemplate(template, { raw, parsed, variables }));
    log(`${name}_TRANSFORMATION_SUCCEEDED`, () => ({ payload: `[${texts.join(',')}]` }));
    return texts;
  } catch (thrown) {
    const error = new DeliveryFailure('customer', 'InvalidTransformation', sentence(thrown), {
      service: 'pipes',
      cause: thrown,
    });
    log(`${name}_TRANSFORMATION_FAILED`, () => ({ error }));
    throw error;
  }
}

async function invoke<T extends Json | undefined>(
  name: StageName,
  log: Log,
  request: string | (() => string),
  call: () => Promise<T>,
): Promise<T> {
  log(`${name}_INVOCATION_STARTED`, () => ({ awsRequest: typeof request === 'string' ? request : request() }));
  try {
    const answer = await call();
    log(`${name}_INVOCATION_SUCCEEDED`, () => (answer === undefined ? {} : { awsResponse: JSON.stringify(answer) }));
    return answer;
  } catch (thrown) {
    log(`${name}_INVOCATION_FAILED`, () => ({ error: deliveryFailure(thrown, 'pipes') }));
    throw thrown;
  }
}
