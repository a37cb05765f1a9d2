import { MetricQueries, type MetricQuery } from '../queries.ts';
import type { CompositeRule } from './composite-rule.ts';
import type { AlarmRule, AlarmState } from './next-state.ts';

/** The ways of comparing values with the threshold. */
export const comparisons = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;

/** One of {@link comparisons}. */
export type Comparison = (typeof comparisons)[number];

/** What both kinds of alarms have. */
export interface AlarmSettings {
  readonly name: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** An alarm on a metric or on an expression over metrics. */
export interface MetricAlarmSettings extends AlarmSettings, AlarmRule {
  readonly kind: 'metric';
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly queries: readonly MetricQuery[];
  /** The members of PutMetricAlarm that tell the metric, as DescribeAlarms gives them back. */
  readonly metricMembers: Readonly<Record<string, unknown>>;
}

/** An alarm on the states of others. */
export interface CompositeAlarmSettings extends AlarmSettings {
  readonly kind: 'composite';
  readonly rule: CompositeRule;
  readonly ruleText: string;
}

/** What an evaluation found. */
export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
  /** Undefined for composite alarms. */
  readonly data?: object;
}

/** An alarm and its state. */
export class Alarm {
  readonly arn: string;
  #settings: MetricAlarmSettings | CompositeAlarmSettings;
  #queries: MetricQueries;
  state: AlarmState = 'INSUFFICIENT_DATA';
  reason = 'Unchecked: Initial alarm creation';
  reasonData: string | undefined;
  stateUpdatedMs: number;
  configuredMs: number;
  /** The end of the last range that was evaluated. */
  evaluatedToMs: number | undefined;

  constructor(arn: string, settings: MetricAlarmSettings | CompositeAlarmSettings, nowMs: number) {
    this.arn = arn;
    this.#settings = settings;
    this.#queries = queriesOf(settings);
    this.stateUpdatedMs = nowMs;
    this.configuredMs = nowMs;
  }

  get settings(): MetricAlarmSettings | CompositeAlarmSettings {
    return this.#settings;
  }

  /** Of a composite alarm none. */
  get queries(): MetricQueries {
    return this.#queries;
  }

  /** Replaces the settings. The state stays, as on AWS. */
  configure(settings: MetricAlarmSettings | CompositeAlarmSettings, nowMs: number): void {
    this.#settings = settings;
    this.#queries = queriesOf(settings);
    this.configuredMs = nowMs;
    this.evaluatedToMs = undefined;
  }

  setActionsEnabled(actionsEnabled: boolean): void {
    this.#settings = { ...this.#settings, actionsEnabled };
  }

  /** The actions of a state. */
  actionsOf(state: AlarmState): readonly string[] {
    switch (state) {
      case 'OK':
        return this.#settings.okActions;
      case 'ALARM':
        return this.#settings.alarmActions;
      case 'INSUFFICIENT_DATA':
        return this.#settings.insufficientDataActions;
    }
  }
}

function queriesOf(settings: MetricAlarmSettings | CompositeAlarmSettings): MetricQueries {
  return new MetricQueries(settings.kind === 'metric' ? settings.queries : []);
}
