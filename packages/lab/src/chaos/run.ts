import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import type { Clock } from '@tweet-pipes/kit/clock';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { ChaosError } from './chaos-error.ts';
import { drain } from './drain.ts';
import { endName } from './end.ts';
import { Feeder } from './feeder.ts';
import { type Lived, live, type Surroundings } from './live.ts';
import { type Life, planLives } from './plan.ts';
import { isAlive } from './processes.ts';
import { Tally } from './tally.ts';
import { judge, type Verdict } from './verdict.ts';

/** So long may what belonged to a killed runtime live on. */
const goneWithinMs = 5_000;

export interface ChaosOptions {
  /** 0 to 4294967295: it decides the sample, the lives and their faults. */
  seed: number;
  /** Where everything goes; empty. */
  folder: string;
  /** No further life begins after so many seconds; draining comes on top. */
  seconds: number;
  /** At most so many ends by `kill -9`; left out: as many as there is time for. */
  kills?: number;
  /** At most so many records, beside copies. Left out: as the lives have them. */
  records?: number;
  clock: Clock;
  signal: AbortSignal;
  /** Told before each life and while it drains. */
  onProgress(progress: { seconds: number; kills: number; records: number; what: string }): void;
}

/** All that a run has to tell. */
export interface ChaosResult {
  seed: number;
  lives: number;
  /** How lives ended that were killed, by moment. */
  kills: Tally;
  /** Lives that ended because they were asked to. */
  stops: number;
  faults: Tally;
  resharded: Tally;
  /** Acknowledged records. */
  records: number;
  /** Records handed to the workflow again after they had been handed to it before. */
  redeliveries: number;
  /** Pointers in dead-letter queues. */
  deadLetters: number;
  verdict: Verdict;
  /** What the runtime itself did wrong: it broke, hung, left processes behind. */
  defects: string[];
  seconds: number;
}

/** Whether everything is as it must be. */
export function isRight({ verdict: { wrong, lost, extra }, defects, deadLetters }: ChaosResult): boolean {
  return wrong.length + lost.length + extra.length + defects.length + deadLetters === 0;
}

/**
 * Lets a runtime live and die as the seed says while a stream is fed to it, then drains it and judges what is there.
 * Nothing runs any more when it resolves or rejects. Rejects with {@link ChaosError} when it is interrupted or the end
 * is not reached.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, folder, seconds, clock, signal, onProgress } = options;
  const startMs = clock.now();
  const elapsed = () => (clock.now() - startMs) / 1000;
  const assemblyFolder = join(folder, 'assembly');
  await mkdir(folder, { recursive: true });
  await synthesize({ appFolder: PROJECT_FOLDER, outputFolder: assemblyFolder });

  const seen = new Set<string>();
  let deliveries = 0;
  const feeder = new Feeder({ seed, clock });
  const surroundings: Surroundings = {
    dataFolder: join(folder, 'data'),
    assemblyFolder,
    compileCache: join(folder, 'compiled'),
    feeder,
    clock,
    onDelivered(eventIds) {
      deliveries += eventIds.length;
      for (const eventId of eventIds) seen.add(eventId);
    },
  };
  const account = { lives: 0, kills: new Tally(), stops: 0, faults: new Tally(), resharded: new Tally() };
  const defects: string[] = [];
  const leaving: Promise<void>[] = [];
  const progress = (what: string) =>
    onProgress({ seconds: elapsed(), kills: account.kills.total, records: feeder.acknowledged.length, what });
  try {
    for (const planned of planLives(seed)) {
      if (signal.aborted || elapsed() >= seconds || account.kills.total >= (options.kills ?? Infinity)) break;
      const life = withinRecords(planned, options.records, feeder.released);
      progress(`life ${account.lives + 1}, to end ${endName(life.end)}`);
      const lived = await live(life, surroundings, signal);
      if (signal.aborted) break;
      account.lives += 1;
      if (life.end.how === 'stop') account.stops += 1;
      else account.kills.add(endName(lived.wasPlanned ? life.end : { how: 'kill', afterReadyMs: 0 }));
      for (const [kind, count] of Object.entries(lived.faults)) account.faults.add(kind, count);
      if (lived.reshard !== undefined) account.resharded.add(lived.reshard);
      defects.push(...defectsOf(life, lived).map((defect) => `Life ${account.lives}: ${defect}`));
      const number = account.lives;
      leaving.push(gone(lived.left, clock).then((pids) => void defects.push(...leftBehind(number, pids))));
      if (defects.length > 20) throw new ChaosError(`Too much is broken to go on:\n${defects.join('\n')}`);
    }
    if (signal.aborted) throw new ChaosError('Interrupted; nothing was compared.');
    progress('draining');
    const drained = await drain(surroundings, signal).catch(async (error: unknown) => {
      await Promise.all(leaving);
      throw error instanceof ChaosError ? new ChaosError([error.message, ...defects].join('\n'), error) : error;
    });
    leaving.push(gone(drained.left, clock).then((pids) => void defects.push(...leftBehind(account.lives + 1, pids))));
    await Promise.all(leaving);
    const { acknowledged, sent } = feeder;
    return {
      seed,
      ...account,
      records: acknowledged.length,
      redeliveries: deliveries - seen.size,
      deadLetters: drained.deadLetters,
      verdict: judge({ acknowledged, sent, ...drained }),
      defects,
      seconds: elapsed(),
    };
  } finally {
    feeder.abandon();
    await Promise.allSettled([feeder.done, ...leaving]);
  }
}

function withinRecords(life: Life, most: number | undefined, released: number): Life {
  return most === undefined ? life : { ...life, records: Math.max(0, Math.min(life.records, most - released)) };
}

/** What a life must not do, however it is ended. */
function defectsOf({ end }: Life, { death, wasReady, hung }: Lived): string[] {
  if (hung !== undefined) return [`it hung at its ${hung}: ${death.lastWords}`];
  if (death.signal === 'SIGKILL') return [];
  const how = death.signal ?? `exit code ${death.exitCode}`;
  const isExpected = wasReady && death.exitCode === 0 && (end.how === 'stop' || end.how === 'kill-engine');
  return isExpected ? [] : [`it ended by itself (${how}): ${death.lastWords}`];
}

/**
 * Waits until the processes are gone; gives those that are not, and ends them: they have been found out and are of no
 * more use.
 */
async function gone(pids: readonly number[], clock: Clock): Promise<number[]> {
  const untilMs = clock.now() + goneWithinMs;
  let alive = pids.filter(isAlive);
  while (alive.length > 0 && clock.now() < untilMs) {
    await clock.sleep(50);
    alive = alive.filter(isAlive);
  }
  for (const pid of alive) process.kill(pid, 'SIGKILL');
  return alive;
}

function leftBehind(life: number, pids: readonly number[]): string[] {
  return pids.length === 0 ? [] : [`Life ${life}: left processes behind: ${pids.join(', ')}`];
}
