import { pipeMetric } from '../metrics.ts';
import { type AlarmDefinition, persistent, total, twice, twoQuarterHours, where } from './alarm-definition.ts';
import { onDeadLetters } from './on-dead-letters.ts';
import type { PipeSignals } from './pipe-signals.ts';

/** Batches take seconds, so older records mean that the pipe does not keep up. The source keeps them a day or more. */
const lagMinutes = 15;

/** From this lag on the pipe does not keep up, and partial failures are a likely cause. */
const suspiciousLagMinutes = 5;

type Lag = NonNullable<PipeSignals['lag']>;

/**
 * The alarms of a pipe. They tell symptoms that last: a batch that fails, is retried or bisected raises none as long as
 * the pipe keeps up.
 */
export function pipeAlarms(signals: PipeSignals): AlarmDefinition[] {
  const { lag } = signals;
  return [
    ...[stopped, failing, timedOut, throttled, deadLetters].map((alarm) => alarm(signals)),
    ...(lag === undefined ? [] : [partiallyFailing(signals, lag), lagging(signals, lag)]),
  ];
}

/**
 * `GetRecords.IteratorAgeMilliseconds` falls silent when the pipe stops, so a lag cannot show it. Failures are a sign
 * of life: AWS does not say whether `EventCount` counts the events of an execution that failed.
 */
function stopped({ name, pipe, arrivals, reads, blindSpot }: PipeSignals): AlarmDefinition {
  const signsOfLife = { events: pipeMetric(pipe, 'EventCount'), failed: pipeMetric(pipe, 'ExecutionFailed'), ...reads };
  return {
    name: `${name}Stopped`,
    description:
      'Records came for half an hour and the pipe took none. See why in the StateReason of the pipe, repair that and start the pipe before its source drops the records.' +
      blindSpot,
    metric: where(
      `${total(arrivals)} > 0 AND ${total(signsOfLife)} == 0`,
      { ...arrivals, ...signsOfLife },
      twoQuarterHours,
    ),
    patience: twoQuarterHours,
  };
}

/** Bisecting alone cannot cause this: of the parts of a batch more succeed than fail. */
function failing({ name, pipe, delivered }: PipeSignals): AlarmDefinition {
  const failures = {
    failed: pipeMetric(pipe, 'ExecutionFailed'),
    timedOut: pipeMetric(pipe, 'ExecutionTimeout'),
    targetFailed: pipeMetric(pipe, 'TargetStageFailed'),
    ...(pipe.resource.enrichment === undefined ? {} : { enrichmentFailed: pipeMetric(pipe, 'EnrichmentStageFailed') }),
  };
  return {
    name: `${name}Failing`,
    description:
      "Executions of the pipe fail and none succeeds. Read the error in the pipe's log group and repair its cause before the attempts run out.",
    metric: where(`${total(failures)} > 0 AND ${total({ delivered })} == 0`, { ...failures, delivered }, persistent),
    patience: persistent,
  };
}

/** An execution that the pipe no longer waits for may go on beside its redelivery (docs/reliability.md, "Limits"). */
function timedOut({ name, pipe, timeouts }: PipeSignals): AlarmDefinition {
  const ends = { pipeTimeouts: pipeMetric(pipe, 'ExecutionTimeout'), ...timeouts };
  return {
    name: `${name}TimedOut`,
    description:
      'Executions keep reaching their time limit, so a shard stands still for minutes each time. Look for throttling or for a call that hangs in the logs of that time; smaller batches help.',
    metric: where(`${total(ends)} > 0`, ends, persistent),
    patience: persistent,
  };
}

function throttled({ name, pipe }: PipeSignals): AlarmDefinition {
  return {
    name: `${name}Throttled`,
    description:
      'Pipes refuses executions because the account runs as many as it may. Ask AWS to raise the quota of concurrent pipe executions, or find the other pipe that uses it up.',
    metric: pipeMetric(pipe, 'ExecutionThrottled', { period: persistent.period }),
    patience: persistent,
  };
}

/**
 * AWS does not say whether a batch that was bisected counts as a partial failure. So this alarm asks for a lag as well.
 */
function partiallyFailing({ name, pipe }: PipeSignals, { metric: lag, unitsPerSecond }: Lag): AlarmDefinition {
  const failures = {
    partlyFailed: pipeMetric(pipe, 'ExecutionPartiallyFailed'),
    targetPartlyFailed: pipeMetric(pipe, 'TargetStagePartiallyFailed'),
  };
  return {
    name: `${name}PartiallyFailing`,
    description: `Parts of batches fail and records wait longer than ${suspiciousLagMinutes} minutes. The pipe's log group has the error: raise the quota that throttles, or send batches that fit.`,
    metric: where(
      `${total(failures)} > 0 AND ${total({ lag })} > ${suspiciousLagMinutes * 60 * unitsPerSecond}`,
      { ...failures, lag },
      persistent,
    ),
    patience: persistent,
  };
}

const redrive = 'Repair the cause and run "npx tweet-pipes redrive" before the source drops them.';

function deadLetters({ name, pipe, recovery = redrive }: PipeSignals): AlarmDefinition {
  return {
    name: `${name}DeadLetters`,
    description: `The pipe gave records up. ${recovery}`,
    ...onDeadLetters(pipe.deadLetterQueue),
  };
}

function lagging({ name }: PipeSignals, { metric, unitsPerSecond }: Lag): AlarmDefinition {
  return {
    name: `${name}Lag`,
    description: `Records wait longer than ${lagMinutes} minutes. If the pipe fails or is throttled, repair that; if not, more comes than it can take, and it needs shards or larger batches.`,
    metric: metric.with({ period: twice.period }),
    threshold: lagMinutes * 60 * unitsPerSecond,
    patience: twice,
  };
}
