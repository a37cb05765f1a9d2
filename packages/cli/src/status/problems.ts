import type { Problem } from '@tweet-pipes/console/fact';
import type {
  AlarmMessageStatus,
  DeliveryStreamStatus,
  DenialStatus,
  FunctionStatus,
  PipeStatus,
  QuarantineStatus,
  StackStatus,
  Status,
  WorkflowStatus,
} from '@tweet-pipes/console/status';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { logsCommand } from '../stack/own-stacks.ts';
import { duration } from '../terminal/duration.ts';
import { knownValue } from './known.ts';

/** All that is known of the stacks, without what is wrong. */
export type StatusFacts = Omit<Status, 'ok' | 'problems'>;

/** Beyond its batch window, a pipe that is further behind does not keep up. */
const longLagSeconds = 60;
/** A batch that failed once or twice is retried like any other; from then on it is worth a look. */
const manyRetries = 3;

/**
 * What is wrong, the worst first: what stops everything, what stops a part, what was given up, what is late, what
 * rings. What is retried and goes on is no problem. What is not known is none either.
 */
export function problemsOf(facts: StatusFacts): Problem[] {
  const own = [
    ...facts.stacks.flatMap(stackProblem),
    ...facts.pipes.flatMap(stateProblem),
    ...facts.pipes.flatMap((pipe) => deadLetterProblem(pipe, facts)),
    ...facts.streams.flatMap(({ name, shards }) => inactive('stream', name, knownValue(shards)?.state)),
    ...facts.tables.flatMap(({ name, state }) => inactive('table', name, knownValue(state)?.state)),
    ...facts.deliveryStreams.flatMap(({ name, state }) => inactive('delivery stream', name, knownValue(state))),
    ...facts.deliveryStreams.flatMap((stream) => errorProblem(stream, facts)),
    ...doubtProblems(knownValue(facts.quarantine)),
    ...facts.workflows.flatMap((workflow) => workflowProblem(workflow, facts.minutes)),
    ...facts.pipes.flatMap(lagProblem),
    ...facts.functions.flatMap((each) => functionProblem(each, facts.minutes)),
    ...alarmProblems(facts),
    ...quarantineProblem(knownValue(facts.quarantine), facts.minutes),
  ];
  const { problems = [], denials = [] } = knownValue(facts.local) ?? {};
  const known = new Set(problems.map(({ what }) => what));
  return [...problems, ...denials.map(denialProblem), ...own.filter(({ what }) => !known.has(what))];
}

/** A role that lacks a right is the cause of most of what follows. */
function denialProblem({
  who,
  roleName,
  action,
  resource,
  sentence,
  isExplicit,
  count,
  lastAt,
}: DenialStatus): Problem {
  const on = resource === '*' ? '' : ` on ${resource}`;
  const policy = sentence.includes('permissions boundary') ? 'permissions boundary' : 'policy';
  const lacking =
    roleName === undefined
      ? `The policy of the resource must allow ${action}${on} to ${who}: docs/roles.md.`
      : `Role ${roleName} lacks ${action}${on}: add it to the role's ${policy}, docs/roles.md.`;
  return {
    what: `${isExplicit ? 'denied by a statement' : 'denied'}: ${who}, ${action}${on}`,
    why: `${sentence} (${count === 1 ? 'once' : `${thousands(count)} times`}, the last at ${lastAt})`,
    do: isExplicit ? `A statement denies ${action}${on} to ${who}: change that statement, docs/roles.md.` : lacking,
  };
}

function stackProblem({ name, state }: StackStatus): Problem[] {
  if (/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$|_IN_PROGRESS$/.test(state)) return [];
  return [
    {
      what: `stack ${name}`,
      why: `is ${state}`,
      do: `See why: aws cloudformation describe-stack-events --stack-name ${name}. Then deploy it again.`,
    },
  ];
}

function stateProblem({ name, state: fact }: PipeStatus): Problem[] {
  const known = knownValue(fact);
  if (known === undefined) return [];
  const { state, desired, reason } = known;
  const what = `pipe ${name}`;
  const start = `aws pipes start-pipe --name ${name}`;
  if (state === 'RUNNING') {
    if (reason === undefined) return [];
    return [{ what, why: reason, do: 'Repair what it names; the pipe tries again until it can.' }];
  }
  if (state === 'STOPPED' && desired === 'STOPPED' && reason === undefined) {
    const why = 'is STOPPED: a person stopped it, or a redrive that did not finish';
    return [{ what, why, do: `Start it before its source drops records: ${start}` }];
  }
  if (state === 'STOPPED' || state.endsWith('_FAILED')) {
    const why = `is ${state}${reason === undefined ? '' : `: ${reason}`}`;
    return [{ what, why, do: `Repair that first, then start it: ${start}` }];
  }
  return [];
}

function deadLetterProblem({ name, stack, deadLetters }: PipeStatus, { stacks }: StatusFacts): Problem[] {
  const known = knownValue(deadLetters);
  if (known === undefined || known.waiting === 0) return [];
  const [oldest] = known.some;
  const conditions = [...new Set(known.some.map(({ condition }) => condition))].join(', ');
  const since = oldest === undefined ? '' : `, the oldest of ${oldest.givenUpAt}`;
  const error = lastErrorText(known.error, 'the last error before it');
  return [
    {
      what: `dead letters of pipe ${name}`,
      why: `it gave records up: ${plural(known.waiting, 'dead letter')}${conditions === '' ? '' : ` (${conditions})`}${since}${error}`,
      do: stacks.some((each) => each.name === stack && each.isOwn)
        ? 'Repair the cause, then process them before the source drops the records: npx tweet-pipes redrive'
        : 'Repair the cause. Each message of the dead-letter queue names the shard and the sequence numbers of its ' +
          'records: process those before the source drops them.',
    },
  ];
}

function inactive(kind: string, name: string, state: string | undefined): Problem[] {
  if (state === undefined || state === 'ACTIVE' || state === 'UPDATING') return [];
  return [
    { what: `${kind} ${name}`, why: `is ${state}`, do: 'See it in the console of AWS, and deploy the stack again.' },
  ];
}

function errorProblem({ name, errors }: DeliveryStreamStatus, { at, minutes }: StatusFacts): Problem[] {
  const known = knownValue(errors);
  if (known?.newestAt === undefined || Date.parse(at) - Date.parse(known.newestAt) > minutes * 60_000) return [];
  const objects = `${known.isAtLeast ? 'at least ' : ''}${plural(known.objects, 'object')}`;
  return [
    {
      what: `errors of delivery stream ${name}`,
      why: `Firehose could not make rows of records: ${objects} under its error prefix, the newest of ${known.newestAt}`,
      do: 'Each object says why and holds the records: docs/runbook.md, "DeliveryErrors" and "LakeErrors".',
    },
  ];
}

function doubtProblems(quarantine: QuarantineStatus | undefined): Problem[] {
  if (quarantine === undefined) return [];
  const { outOfOrder, unproved } = quarantine;
  return [
    ...(outOfOrder === 0
      ? []
      : [
          {
            what: 'order of the stream',
            why: `it was broken within the last day: ${plural(outOfOrder, 'record')} under quarantine/out-of-order/, and counters may lack them`,
            do: 'Find the cause (docs/runbook.md, "OutOfOrder"), then: npx tweet-pipes reconcile',
          },
        ]),
    ...(unproved === 0
      ? []
      : [
          {
            what: 'redrive',
            why: `it could not prove whether ${plural(unproved, 'record')} of the last day were counted: quarantine/unproved/`,
            do: 'Let the counters be computed again: npx tweet-pipes reconcile',
          },
        ]),
  ];
}

function workflowProblem({ stack, label, name, executions, lastError }: WorkflowStatus, minutes: number): Problem[] {
  const known = knownValue(executions);
  if (known === undefined || known.succeeded > 0) return [];
  const failed = known.failed + known.timedOut + known.aborted;
  if (failed === 0) return [];
  return [
    {
      what: `workflow ${name}`,
      why: `none of its executions of the last ${minutes} minutes succeeded, and ${thousands(failed)} failed${lastErrorText(lastError)}`,
      do: `Read the error of one: ${logsCommand({ stack, label })}`,
    },
  ];
}

function lagProblem({ stack, name, label, state, lag, executions, retriesNow = 0, lastError }: PipeStatus): Problem[] {
  const known = knownValue(state);
  if (known?.state !== 'RUNNING') return [];
  const { records = 0, isAtLeast = false, seconds = 0 } = knownValue(lag) ?? {};
  const { failed = 0 } = knownValue(executions) ?? {};
  const behind = `${isAtLeast ? 'at least ' : ''}${plural(records, 'record')} wait, the oldest for ${duration(seconds)}`;
  if (retriesNow >= manyRetries && records > 0) {
    return [
      {
        what: `pipe ${name}`,
        why: `it tries the same records again: the last ${thousands(retriesNow)} attempts failed; ${behind}${lastErrorText(lastError)}`,
        do: `Read the error: ${logsCommand({ stack, label })}`,
      },
    ];
  }
  if (records === 0 || seconds < known.batchWindowSeconds + longLagSeconds) return [];
  return [
    {
      what: `pipe ${name}`,
      why: `it does not keep up: ${behind}${failed > 0 ? lastErrorText(lastError) : ''}`,
      do:
        failed > 0
          ? `Executions fail. Read the error: ${logsCommand({ stack, label })}`
          : 'If a last error stands below, repair that. Else it catches up when fewer records come, or the stream needs more shards (docs/scale.md).',
    },
  ];
}

/** `; the last error: …` */
function lastErrorText(lastError: PipeStatus['lastError'], what = 'the last error'): string {
  const known = knownValue(lastError);
  return known === undefined ? '' : `; ${what}: ${known.text.replace(/\.$/, '')}`;
}

function functionProblem({ stack, name, label, invocations }: FunctionStatus, minutes: number): Problem[] {
  const known = knownValue(invocations);
  if (known === undefined || known.errors === 0 || known.errors < known.started) return [];
  return [
    {
      what: `function ${name}`,
      why: `each of its ${plural(known.started, 'invocation')} of the last ${minutes} minutes failed`,
      do: `Read the error: ${logsCommand({ stack, label })}`,
    },
  ];
}

function alarmProblems({ alarms }: StatusFacts): Problem[] {
  const ringing = (knownValue(alarms) ?? []).filter(({ state }) => state === 'ALARM');
  return ringing.map(({ name, description, since, messages }) => ({
    what: `alarm ${name}`,
    why: `it rings${since === undefined ? '' : ` since ${since}`}${messagesText(knownValue(messages))}`,
    do: description === '' ? 'See docs/runbook.md.' : description,
  }));
}

/** `; told to topic …` */
function messagesText(messages: readonly AlarmMessageStatus[] | undefined): string {
  if (messages === undefined) return '';
  if (messages.length === 0) return '; no topic was told';
  const texts = messages.map(({ at, topic, error }) =>
    error === undefined
      ? `told to topic ${topic} at ${at}`
      : `topic ${topic} did not take its message: ${error.replace(/\.$/, '')}`,
  );
  return `; ${texts.join('; ')}`;
}

function quarantineProblem(quarantine: QuarantineStatus | undefined, minutes: number): Problem[] {
  if (quarantine === undefined || quarantine.recent === 0) return [];
  const { recent, recentReasons } = quarantine;
  const read = recentReasons.reduce((sum, { objects }) => sum + objects, 0);
  const of = read < recent ? `; of the newest ${thousands(read)}` : '';
  const reasons = recentReasons.map(({ reason, objects }) => `${reason} ${thousands(objects)}`).join(', ');
  return [
    {
      what: 'quarantine',
      why: `${plural(recent, 'record')} of the last ${minutes} minutes could not be used${of}: ${reasons}`,
      do: 'Repair the producer and send them again. Each object has its reason: docs/records.md, "Quarantine".',
    },
  ];
}
