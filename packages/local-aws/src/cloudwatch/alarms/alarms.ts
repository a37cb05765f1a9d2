import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import { resourceNotFound, validationError } from '../errors.ts';
import type { MetricStore } from '../store/metric-store.ts';
import { Alarm, type CompositeAlarmSettings, type MetricAlarmSettings, type Verdict } from './alarm.ts';
import { AlarmHistory, type HistoryEntry } from './alarm-history.ts';
import { type AlarmMessage, alarmMessage } from './alarm-message.ts';
import { alarmsIn, holds } from './composite-rule.ts';
import { evaluateAlarm, rangeEndMs } from './evaluate-alarm.ts';
import type { AlarmState } from './next-state.ts';

/** What alarms stand on. */
export interface AlarmsOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly store: MetricStore;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Publishes to a topic by its ARN, for an alarm. Rejects when the topic does not take it. */
  publish(topicArn: string, message: AlarmMessage, alarmArn: string): Promise<void>;
  /** Gets a line when an alarm begins to ring, and one when it ends. Default: none is written. */
  log?(line: string): void;
}

/** All alarms: their settings, states, history and actions. In memory. */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #alarms = new Map<string, Alarm>();
  readonly #history = new AlarmHistory();
  readonly #running = new Set<Promise<void>>();

  constructor(options: AlarmsOptions) {
    this.#options = options;
  }

  /** In the order of their names. */
  get all(): readonly Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
  }

  get history(): readonly HistoryEntry[] {
    return this.#history.entries;
  }

  /** Throws ResourceNotFound. */
  get(name: string): Alarm {
    const alarm = this.#alarms.get(name);
    if (alarm === undefined) throw resourceNotFound(`There is no alarm ${name}.`);
    return alarm;
  }

  /**
   * Creates an alarm, or gives an existing one other settings. Throws ValidationError for a rule that names an alarm
   * which does not exist, and for a name that an alarm of the other kind has.
   */
  put(settings: MetricAlarmSettings | CompositeAlarmSettings): void {
    const { name, kind } = settings;
    const nowMs = this.#options.clock.now();
    const existing = this.#alarms.get(name);
    if (existing !== undefined && existing.settings.kind !== kind) {
      throw validationError(`The alarm ${name} exists and is a ${existing.settings.kind} alarm.`);
    }
    if (settings.kind === 'composite') {
      const missing = alarmsIn(settings.rule).find((child) => child !== name && !this.#alarms.has(child));
      if (missing !== undefined) throw validationError(`AlarmRule: there is no alarm ${missing}.`);
    }
    if (existing === undefined) {
      const arn = `arn:aws:cloudwatch:${this.#options.region}:${this.#options.accountId}:alarm:${name}`;
      this.#alarms.set(name, new Alarm(arn, settings, nowMs));
    } else existing.configure(settings, nowMs);
    this.#note(
      this.get(name),
      'ConfigurationUpdate',
      `Alarm "${name}" ${existing === undefined ? 'created' : 'updated'}`,
      {
        version: '1.0',
        type: existing === undefined ? 'Create' : 'Update',
      },
    );
  }

  /** Throws ResourceNotFound, before any is deleted. */
  delete(names: readonly string[]): void {
    const found = names.map((name) => this.get(name));
    for (const alarm of found) {
      this.#note(alarm, 'ConfigurationUpdate', `Alarm "${alarm.settings.name}" deleted`, {
        version: '1.0',
        type: 'Delete',
      });
      this.#alarms.delete(alarm.settings.name);
    }
  }

  /** Sets a state until the next evaluation, and takes its actions. */
  setState(name: string, verdict: Verdict): void {
    const alarm = this.get(name);
    this.#change(alarm, verdict);
    this.#evaluateComposites(alarm);
  }

  /**
   * Evaluates each metric alarm whose range has ended since the last time, then the composite alarms. AWS evaluates
   * every minute, alarms with a period below a minute every ten seconds.
   */
  evaluate(): void {
    const { clock, store } = this.#options;
    const nowMs = clock.now();
    for (const alarm of this.#alarms.values()) {
      const { settings, queries } = alarm;
      const [returned] = queries.returned;
      if (settings.kind !== 'metric' || returned === undefined) continue;
      const endMs = rangeEndMs(queries.periodSeconds(returned), nowMs);
      if (alarm.evaluatedToMs !== undefined && endMs <= alarm.evaluatedToMs) continue;
      alarm.evaluatedToMs = endMs;
      this.#change(alarm, evaluateAlarm(settings, queries, store, endMs, alarm.state));
    }
    this.#evaluateComposites();
  }

  /** Resolves when every action that has begun is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Each pass settles one level of alarms on alarms. A rule that refers to itself ends after as many as there are. */
  #evaluateComposites(except?: Alarm): void {
    const composites = [...this.#alarms.values()].filter(
      (alarm) => alarm.settings.kind === 'composite' && alarm !== except,
    );
    for (let pass = 0; pass < composites.length; pass += 1) {
      const changes = composites.map((alarm) => this.#evaluateComposite(alarm));
      if (!changes.includes(true)) return;
    }
  }

  #evaluateComposite(alarm: Alarm): boolean {
    const { settings, state } = alarm;
    if (settings.kind !== 'composite') return false;
    const isAlarm = holds(settings.rule, (name) => this.#alarms.get(name)?.state);
    const children = alarmsIn(settings.rule).map((name) => `${name} is ${this.#alarms.get(name)?.state ?? 'deleted'}`);
    this.#change(alarm, {
      state: isAlarm ? 'ALARM' : 'OK',
      reason: `The rule of the alarm ${isAlarm ? 'holds' : 'does not hold'}: ${children.join(', ')}.`,
    });
    return alarm.state !== state;
  }

  #change(alarm: Alarm, { state, reason, data }: Verdict): void {
    const before = alarm.state;
    if (state === before) return;
    const old = { stateValue: before, stateReason: alarm.reason };
    alarm.state = state;
    alarm.reason = reason;
    alarm.reasonData = data === undefined ? undefined : JSON.stringify(data);
    alarm.stateUpdatedMs = this.#options.clock.now();
    this.#note(alarm, 'StateUpdate', `Alarm updated from ${before} to ${state}`, {
      version: '1.0',
      oldState: old,
      newState: { stateValue: state, stateReason: reason, ...(data !== undefined && { stateReasonData: data }) },
    });
    if (state === 'ALARM') this.#options.log?.(ringingLine(alarm));
    else if (before === 'ALARM') this.#options.log?.(`Alarm ${alarm.settings.name}: rings no more.`);
    if (alarm.settings.actionsEnabled) this.#act(alarm, before);
  }

  #act(alarm: Alarm, before: AlarmState): void {
    const message = alarmMessage(alarm, before);
    for (const action of alarm.actionsOf(alarm.state)) {
      const note = (summary: string, error: string | undefined) =>
        this.#note(alarm, 'Action', summary, {
          version: '1.0',
          actionState: error === undefined ? 'Succeeded' : 'Failed',
          notificationResource: action,
          ...(error !== undefined && { error }),
        });
      const running = this.#options
        .publish(action, message, alarm.arn)
        .then(
          () => note(`Successfully executed action ${action}`, undefined),
          (error: unknown) => note(`Failed to execute action ${action}`, sentence(error)),
        )
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  #note(alarm: Alarm, type: HistoryEntry['type'], summary: string, data: object): void {
    const { name, kind } = alarm.settings;
    const alarmType = kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm';
    this.#history.add({ alarm: name, alarmType, atMs: this.#options.clock.now(), type, summary, data });
  }
}

function ringingLine({ settings: { name, description = '' }, reason }: Alarm): string {
  return `Alarm ${name} rings: ${description === '' ? reason : description}`;
}
