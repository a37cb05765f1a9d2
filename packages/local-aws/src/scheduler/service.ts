import { join } from 'node:path';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, RequestContext } from '../gateway/local-service.ts';
import { type ClientsOfSession, sessionFor, type WorkerSession } from '../iam/worker-session.ts';
import type { Part, Pending } from '../lifecycle.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { parseExpression, type Timetable } from './expression.ts';
import { checkTarget, invokeTarget, sendMessage } from './invoke-target.ts';
import {
  inputs,
  parseInput,
  type ScheduleDefinition,
  type StoredGroup,
  type StoredSchedule,
  storedGroup,
  storedSchedule,
} from './shapes.ts';

/** State is kept in `<dataFolder>/scheduler/`. */
export interface SchedulerOptions extends Pick<RuntimeContext, 'clock' | 'random' | 'dataFolder' | 'meter'> {
  /**
   * Clients of the targets with the rights of a role. Called at each invocation, since the endpoint starts after this
   * service is created.
   */
  clients: ClientsOfSession;
  /** Clients for what no right is needed for on AWS. Default: those of the role. */
  ownClients?: () => AwsClients;
  /** Resolves when the stacks are there: targets and roles, which are made at each start. Default: they are. */
  whenLoaded?: Promise<void>;
  /** Called with a line for each invocation that was given up. */
  log(line: string): void;
}

/** Timers of Node end at once after 2^31 - 1 ms. */
const longestSleepMs = 86_400_000;

/** Waits between the attempts of an invocation: doubled from the first to the longest. AWS documents no figures. */
const firstRetryMs = 1_000;
const longestRetryMs = 300_000;

const stateSchema = z.strictObject({ groups: z.array(storedGroup), schedules: z.array(storedSchedule) });

/**
 * EventBridge Scheduler. A schedule that was due while the runtime did not run is invoked once when it runs again, with
 * the latest of the times it missed. In a flexible window it is invoked at the end. The times of one schedule are
 * invoked one after the other (docs/adr/0046). `inFlight()` names schedules with an invocation that is due or running;
 * one that waits for its time, or for that of another attempt, is not among them.
 */
export function createSchedulerService(options: SchedulerOptions): LocalService & Part & { inFlight(): Pending[] } {
  const scheduler = new Scheduler(options);
  return {
    signingName: 'scheduler',
    operations: {
      CreateSchedule: (input, context) => scheduler.create(parseInput(inputs.change, input), context),
      UpdateSchedule: (input) => scheduler.update(parseInput(inputs.change, input)),
      GetSchedule: async (input) => {
        const { Name, groupName } = parseInput(inputs.one, input);
        return describe(scheduler.schedule(groupName, Name));
      },
      DeleteSchedule: (input) => {
        const { Name, groupName } = parseInput(inputs.one, input);
        return scheduler.remove(scheduler.schedule(groupName, Name));
      },
      ListSchedules: async (input) => {
        const { GroupName, NamePrefix = '', State, ...page } = parseInput(inputs.list, input);
        const found = scheduler.schedules.filter(
          ({ name, group, definition }) =>
            (GroupName === undefined || group === GroupName) &&
            name.startsWith(NamePrefix) &&
            (State === undefined || definition.State === State),
        );
        const { items, NextToken } = pageOf(found, page);
        return { Schedules: items.map(summarize), ...(NextToken === undefined ? {} : { NextToken }) };
      },
      CreateScheduleGroup: (input, context) =>
        scheduler.createGroup(parseInput(inputs.createGroup, input).Name, context),
      GetScheduleGroup: async (input) => describeGroup(scheduler.group(parseInput(inputs.group, input).Name)),
      DeleteScheduleGroup: (input) => scheduler.removeGroup(scheduler.group(parseInput(inputs.group, input).Name)),
      ListScheduleGroups: async (input) => {
        const { NamePrefix = '', ...page } = parseInput(inputs.listGroups, input);
        const { items, NextToken } = pageOf(
          scheduler.groups.filter(({ name }) => name.startsWith(NamePrefix)),
          page,
        );
        return { ScheduleGroups: items.map(describeGroup), ...(NextToken === undefined ? {} : { NextToken }) };
      },
    },
    inFlight: () => scheduler.inFlight(),
    start: () => scheduler.start(),
    stop: () => scheduler.stop(),
  };
}

/** The work of a schedule. */
interface Work {
  readonly over: AbortController;
  /** When it invokes, or invokes again. In the past while it does. Undefined: never. */
  nextMs?: number;
}

class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #file: DurableFile;
  readonly #schedules = new Map<string, StoredSchedule>();
  readonly #groups = new Map<string, StoredGroup>();
  /** By the key of the schedule. `done` resolves when the work has ended. */
  readonly #working = new Map<string, { work: Work; done: Promise<void> }>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#file = new DurableFile(join(options.dataFolder, 'scheduler', 'schedules.json'), () => ({
      groups: [...this.#groups.values()],
      schedules: [...this.#schedules.values()],
    }));
  }

  get schedules(): StoredSchedule[] {
    return [...this.#schedules.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  get groups(): StoredGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  inFlight(): Pending[] {
    const nowMs = this.#options.clock.now();
    return this.schedules.flatMap((schedule) => {
      const nextMs = this.#working.get(keyOf(schedule))?.work.nextMs;
      if (nextMs === undefined || nextMs > nowMs) return [];
      return [{ what: `schedule ${schedule.name}`, detail: `due since ${isoSeconds(nextMs)}` }];
    });
  }

  async start(): Promise<void> {
    const state = await readDurable(join(this.#options.dataFolder, 'scheduler', 'schedules.json'), stateSchema);
    for (const group of state?.groups ?? []) this.#groups.set(group.name, group);
    for (const schedule of state?.schedules ?? []) {
      this.#schedules.set(keyOf(schedule), schedule);
      this.#work(schedule);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#working.keys()].map((key) => this.#rest(key)));
  }

  schedule(group: string, name: string): StoredSchedule {
    const found = this.#schedules.get(`${group}/${name}`);
    if (found === undefined) throw notFound(`Schedule ${name}`);
    return found;
  }

  group(name: string): StoredGroup {
    const found = this.#groups.get(name);
    if (found !== undefined) return found;
    // Every account has it, from its beginning.
    if (name === 'default') return { name, arn: '', createdMs: 0 };
    throw notFound(`Schedule group ${name}`);
  }

  async create(input: z.output<typeof inputs.change>, context: RequestContext): Promise<object> {
    const { Name: name, GroupName: group, ClientToken: _, ...definition } = input;
    if (this.#schedules.has(`${group}/${name}`)) throw conflict(`Schedule ${name}`);
    this.group(group);
    const nowMs = this.#options.clock.now();
    const arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule/${group}/${name}`;
    const times = { createdMs: nowMs, modifiedMs: nowMs, doneMs: begin(definition, nowMs) };
    const schedule = { name, group, arn, definition, ...times, isComplete: false };
    check(definition, nowMs);
    this.#schedules.set(keyOf(schedule), schedule);
    await this.#file.save();
    this.#work(schedule);
    return { ScheduleArn: arn };
  }

  async update(input: z.output<typeof inputs.change>): Promise<object> {
    const { Name, GroupName, ClientToken: _, ...definition } = input;
    const old = this.schedule(GroupName, Name);
    const { arn } = old;
    if (JSON.stringify(old.definition) === JSON.stringify(definition)) return { ScheduleArn: arn };
    const nowMs = this.#options.clock.now();
    check(definition, nowMs);
    await this.#rest(keyOf(old));
    const changed = { ...old, definition, modifiedMs: nowMs, doneMs: begin(definition, nowMs), isComplete: false };
    this.#schedules.set(keyOf(changed), changed);
    await this.#file.save();
    this.#work(changed);
    return { ScheduleArn: arn };
  }

  async remove(schedule: StoredSchedule): Promise<object> {
    await this.#rest(keyOf(schedule));
    this.#schedules.delete(keyOf(schedule));
    await this.#file.save();
    return {};
  }

  async createGroup(name: string, context: RequestContext): Promise<object> {
    if (name === 'default' || this.#groups.has(name)) throw conflict(`Schedule group ${name}`);
    const arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule-group/${name}`;
    this.#groups.set(name, { name, arn, createdMs: this.#options.clock.now() });
    await this.#file.save();
    return { ScheduleGroupArn: arn };
  }

  async removeGroup({ name }: StoredGroup): Promise<object> {
    if (name === 'default') throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
    for (const schedule of this.schedules.filter(({ group }) => group === name)) await this.remove(schedule);
    this.#groups.delete(name);
    await this.#file.save();
    return {};
  }

  #work(schedule: StoredSchedule): void {
    const work: Work = { over: new AbortController() };
    const done = this.#invokeWhenDue(schedule, work)
      .catch((error: unknown) => this.#options.log(`schedule ${schedule.name}: ${sentence(error)}`))
      .finally(() => delete work.nextMs);
    this.#working.set(keyOf(schedule), { work, done });
  }

  async #rest(key: string): Promise<void> {
    const working = this.#working.get(key);
    this.#working.delete(key);
    working?.work.over.abort();
    await working?.done;
  }

  async #invokeWhenDue(schedule: StoredSchedule, work: Work): Promise<void> {
    const { clock } = this.#options;
    const { signal } = work.over;
    const { definition } = schedule;
    if (definition.State === 'DISABLED' || schedule.isComplete) return;
    const timetable = parseExpression(definition.ScheduleExpression, definition.ScheduleExpressionTimezone);
    const { MaximumWindowInMinutes: window = 0 } = definition.FlexibleTimeWindow;
    for (;;) {
      const dueMs = latestDue(schedule, timetable, clock.now() - window * 60_000);
      if (dueMs === undefined) return this.#complete(schedule);
      await this.#sleepUntil(dueMs + window * 60_000, work);
      if (signal.aborted) return;
      await unlessAborted(this.#options.whenLoaded, signal);
      if (signal.aborted) return;
      await this.#invoke(schedule, dueMs, work);
      if (signal.aborted) return;
      schedule.doneMs = dueMs;
      await this.#file.save();
    }
  }

  async #sleepUntil(atMs: number, work: Work): Promise<void> {
    const { clock } = this.#options;
    const { signal } = work.over;
    work.nextMs = atMs;
    while (!signal.aborted && clock.now() < atMs) {
      await clock.sleep(Math.min(longestSleepMs, atMs - clock.now()), signal);
    }
  }

  /** Nothing is due any more. */
  async #complete(schedule: StoredSchedule): Promise<void> {
    schedule.isComplete = true;
    if (schedule.definition.ActionAfterCompletion === 'DELETE') this.#schedules.delete(keyOf(schedule));
    await this.#file.save();
  }

  async #invoke(schedule: StoredSchedule, dueMs: number, work: Work): Promise<void> {
    const { name, arn, definition } = schedule;
    const { clock, random, log, meter } = this.#options;
    const { Target: target } = definition;
    const { signal } = work.over;
    const sleep = (ms: number) => this.#sleepUntil(clock.now() + ms, work);
    const clients = () => this.#options.clients(sessionOf(schedule));
    const { clients: functionClients, ownClients = clients } = this.#options;
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = target.RetryPolicy;
    const executionId = random.uuid();
    const beganMs = clock.now();
    for (let attempt = 1; ; attempt++) {
      const payload = payloadOf(target, { arn, executionId, attempt, dueMs });
      meter.of(name).add('schedulerInvocations', 1);
      try {
        return await invokeTarget(
          { clients: clients(), ownClients: ownClients(), functionClients },
          { target, payload, sleep, signal },
        );
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
        const isTooOld = clock.now() + waitMs - beganMs > MaximumEventAgeInSeconds * 1000;
        if (attempt <= MaximumRetryAttempts && !isTooOld) {
          await sleep(waitMs);
          if (signal.aborted) return;
          continue;
        }
        log(`schedule ${name}: ${sentence(error)} It was given up after ${attempt} attempts.`);
        const queue = target.DeadLetterConfig?.Arn;
        if (queue === undefined) return;
        const attributes = {
          ERROR_CODE: error instanceof Error ? error.name : 'Unknown',
          ERROR_MESSAGE: sentence(error),
          EXECUTION_ID: executionId,
          EXHAUSTED_RETRY_CONDITION: isTooOld ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts',
          RETRY_ATTEMPTS: String(attempt - 1),
          SCHEDULED_TIME: isoSeconds(dueMs),
          SCHEDULE_ARN: arn,
          TARGET_ARN: target.Arn,
        };
        return sendMessage(clients().sqs, queue, payload, { attributes, abortSignal: signal }).catch(
          (thrown: unknown) => log(`schedule ${name}: no dead letter could be sent to ${queue}: ${sentence(thrown)}`),
        );
      }
    }
  }
}

/**
 * The session of a schedule. Its role's trust policy may name the schedule group.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function sessionOf({ name, group, arn, definition }: StoredSchedule): WorkerSession {
  const groupArn = arn.replace(/:schedule\/.*$/, `:schedule-group/${group}`);
  return sessionFor('scheduler.amazonaws.com', definition.Target.RoleArn, { name, arn: groupArn });
}

/** The latest time that is due and not done with, or else the next one; undefined if there is none. */
function latestDue({ definition, createdMs, modifiedMs, doneMs }: StoredSchedule, timetable: Timetable, nowMs: number) {
  const anchorMs =
    definition.StartDate === undefined ? Math.max(createdMs, modifiedMs) : Date.parse(definition.StartDate);
  const endMs = definition.EndDate === undefined ? Number.POSITIVE_INFINITY : Date.parse(definition.EndDate);
  const within = (ms: number | undefined) => (ms === undefined || ms > endMs ? undefined : ms);
  const next = within(timetable.next(doneMs, anchorMs));
  if (next === undefined || next > nowMs) return next;
  let latest = next;
  for (let at = within(timetable.next(latest, anchorMs)); at !== undefined && at <= nowMs; ) {
    latest = at;
    at = within(timetable.next(latest, anchorMs));
  }
  return latest;
}

/** What is done with when a schedule begins: a rate is due at its beginning, so just before it. */
function begin({ StartDate }: ScheduleDefinition, nowMs: number): number {
  return Math.max(nowMs, StartDate === undefined ? 0 : Date.parse(StartDate)) - 1;
}

function check(definition: ScheduleDefinition, nowMs: number): void {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, Target } = definition;
  parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (
    EndDate !== undefined &&
    Date.parse(EndDate) <= Math.max(nowMs, StartDate === undefined ? 0 : Date.parse(StartDate))
  ) {
    throw new AwsError('ValidationException', 'EndDate must be in the future and after StartDate.');
  }
  checkTarget(Target);
}

interface Invocation {
  arn: string;
  executionId: string;
  attempt: number;
  dueMs: number;
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function payloadOf({ Input }: ScheduleDefinition['Target'], { arn, executionId, attempt, dueMs }: Invocation): string {
  const [, , , region = '', account = ''] = arn.split(':');
  const time = isoSeconds(dueMs);
  return (
    Input?.replaceAll('<aws.scheduler.schedule-arn>', arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', executionId)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt)) ??
    JSON.stringify({
      version: '0',
      id: executionId,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account,
      time,
      region,
      resources: [arn],
      detail: '{}',
    })
  );
}

function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function describe({ name, group, arn, definition, createdMs, modifiedMs }: StoredSchedule): object {
  const { StartDate, EndDate, ...rest } = definition;
  return {
    ...rest,
    Arn: arn,
    Name: name,
    GroupName: group,
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(modifiedMs),
    ...(StartDate === undefined ? {} : { StartDate: new Date(StartDate) }),
    ...(EndDate === undefined ? {} : { EndDate: new Date(EndDate) }),
  };
}

function summarize({ name, group, arn, definition, createdMs, modifiedMs }: StoredSchedule): object {
  return {
    Arn: arn,
    Name: name,
    GroupName: group,
    State: definition.State,
    Target: { Arn: definition.Target.Arn },
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(modifiedMs),
  };
}

function describeGroup({ name, arn, createdMs }: StoredGroup): object {
  const date = new Date(createdMs);
  return { Name: name, Arn: arn, State: 'ACTIVE', CreationDate: date, LastModificationDate: date };
}

function pageOf<T>(
  all: readonly T[],
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults: number },
): { items: readonly T[]; NextToken?: string } {
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('ValidationException', 'NextToken is not one of this operation.');
  const end = start + MaxResults;
  return { items: all.slice(start, end), ...(end < all.length ? { NextToken: String(end) } : {}) };
}

function keyOf({ group, name }: { group: string; name: string }): string {
  return `${group}/${name}`;
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} does not exist.`, { statusCode: 404 });
}

function conflict(what: string): AwsError {
  return new AwsError('ConflictException', `${what} already exists.`, { statusCode: 409 });
}
