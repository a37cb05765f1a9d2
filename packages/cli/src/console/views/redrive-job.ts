import type { RedriveOrder, RedriveState } from '@tweet-pipes/console/views/pipes/api';
import type { PipeReport as PageReport } from '@tweet-pipes/console/views/pipes/redrive';
import { systemRandom } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { redrive } from '../../recovery/redrive.ts';
import { type DeliveryReport, type IngestReport, isClean, type RedriveReport } from '../../recovery/redrive-report.ts';
import { badRequest } from '../api-error.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { Deployment } from './deployment.ts';

/** Messages of a report that the page shows one by one. */
const mostShown = 50;

type JobContext = Pick<ConsoleContext, 'clients' | 'clock'>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** One redrive at a time, which goes on while no page looks. */
export class RedriveJob {
  readonly #context: JobContext;
  #state: Mutable<RedriveState> | undefined;

  constructor(context: JobContext) {
    this.#context = context;
  }

  /** The latest redrive; null before the first. */
  get state(): RedriveState | null {
    return this.#state ?? null;
  }

  /**
   * Begins a redrive and returns how it is; `over` resolves when it has ended, well or not. Throws ApiError while
   * another one runs, which would fight for the messages.
   */
  begin(deployment: Deployment, order: RedriveOrder): { state: RedriveState; over: Promise<void> } {
    if (this.#state?.endedAt === null) {
      throw badRequest('A redrive is running. Wait until it is over.');
    }
    const state: Mutable<RedriveState> = {
      order,
      startedAt: this.#context.clock.now(),
      ...{ endedAt: null, progress: null, note: null, reports: null, isClean: null, failure: null },
    };
    this.#state = state;
    return { state, over: this.#run(deployment, order, state) };
  }

  async #run(deployment: Deployment, order: RedriveOrder, state: Mutable<RedriveState>): Promise<void> {
    const { clients, clock } = this.#context;
    const note = (line: string) => {
      state.note = line;
    };
    const tools = { clients, clock, random: systemRandom, signal: new AbortController().signal, note };
    const onProgress = (done: number, of: number) => {
      state.progress = { done, of };
    };
    try {
      const report = await redrive(tools, redrivenPipes(deployment), { ...order, onProgress });
      state.reports = reportsOf(report);
      state.isClean = isClean(report);
    } catch (error) {
      state.failure = sentence(error);
    } finally {
      state.endedAt = clock.now();
    }
  }
}

function redrivenPipes({ core, pipes }: Deployment) {
  const ofCore = core && [core.IngestPipeName, core.TweetArchivePipeName, core.HashtagArchivePipeName];
  return { core, others: [...pipes.values()].filter((name) => !ofCore?.includes(name)) };
}

function reportsOf({ ingest, archives, others }: RedriveReport): PageReport[] {
  return [
    ...(ingest === null ? [] : [reportOf(ingest, outcomesOf(ingest))]),
    ...[...archives, ...others].map((report) =>
      reportOf(report, report.rows === 0 ? [] : [{ outcome: 'delivered again', records: report.rows }]),
    ),
  ];
}

function outcomesOf({ outcomes }: IngestReport): PageReport['outcomes'] {
  return Object.entries(outcomes).flatMap(([outcome, records]) => (records === 0 ? [] : [{ outcome, records }]));
}

function reportOf(report: IngestReport | DeliveryReport, outcomes: PageReport['outcomes']): PageReport {
  const { pipe, messages, removed, expired, kept, keptCount } = report;
  const shown = kept.slice(0, mostShown).map(({ why, detail }) => ({ why, detail }));
  return { pipe, messages, removed, expired, kept: shown, keptCount, outcomes };
}
