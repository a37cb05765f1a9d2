import type { Clock } from '@tweet-pipes/kit/clock';
import { isAlive } from '@tweet-pipes/kit/process-alive';
import { crashPointName } from './crash-point.ts';
import type { Round } from './plan.ts';
import type { RoundResult } from './play-round.ts';
import { Tally } from './tally.ts';

/** Time in which the processes of a killed runtime must exit. */
const goneWithinMs = 5_000;

/** What the rounds of a run have brought so far. */
export class Account {
  rounds = 0;
  /** By crash point. */
  readonly kills = new Tally();
  /** Rounds that ended with a regular stop. */
  stops = 0;
  readonly faults = new Tally();
  readonly resharded = new Tally();
  readonly salesResharded = new Tally();
  /** Defects of the runtime; complete once {@link settled}. */
  readonly defects: string[] = [];
  readonly #clock: Clock;
  readonly #eventIds = new Set<string>();
  #deliveries = 0;
  readonly #leaving: Promise<void>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records that were delivered to the workflow before. */
  get redeliveries(): number {
    return this.#deliveries - this.#eventIds.size;
  }

  /** Adds the events of a batch that is delivered to the workflow. */
  delivered(eventIds: readonly string[]): void {
    this.#deliveries += eventIds.length;
    for (const eventId of eventIds) this.#eventIds.add(eventId);
  }

  add(round: Round, result: RoundResult): void {
    this.rounds += 1;
    const { reachedCrashPoint, faults, reshard, salesReshard, left } = result;
    if (round.crashPoint.how === 'stop') this.stops += 1;
    else this.kills.add(crashPointName(reachedCrashPoint ? round.crashPoint : { how: 'kill', afterReadyMs: 0 }));
    for (const [kind, count] of Object.entries(faults)) this.faults.add(kind, count);
    if (reshard !== undefined) this.resharded.add(reshard);
    if (salesReshard !== undefined) this.salesResharded.add(salesReshard);
    this.defects.push(...defectsOf(round, result).map((defect) => `Round ${this.rounds}: ${defect}`));
    this.expectGone(left, this.rounds);
  }

  /** It is a defect of the round if these processes do not exit soon. Then they are killed. */
  expectGone(pids: readonly number[], round: number): void {
    const watch = async () => {
      const remaining = await killRemaining(pids, this.#clock);
      if (remaining.length > 0) this.defects.push(`Round ${round}: left processes behind: ${remaining.join(', ')}`);
    };
    this.#leaving.push(watch());
  }

  /** Resolves when all processes of {@link expectGone} are gone. */
  async settled(): Promise<void> {
    await Promise.all(this.#leaving);
  }
}

/** What a runtime must not do, whatever its crash point. */
function defectsOf({ crashPoint }: Round, { exit, wasReady, hung }: RoundResult): string[] {
  if (hung !== undefined) return [`it hung at ${hung}: ${exit.lastOutput}`];
  if (exit.signal === 'SIGKILL') return [];
  const how = exit.signal ?? `exit code ${exit.exitCode}`;
  const isExpected = wasReady && exit.exitCode === 0 && (crashPoint.how === 'stop' || crashPoint.how === 'kill-engine');
  return isExpected ? [] : [`it exited by itself (${how}): ${exit.lastOutput}`];
}

/** Waits until the processes are gone. Kills and returns those that are not. */
async function killRemaining(pids: readonly number[], clock: Clock): Promise<number[]> {
  const untilMs = clock.now() + goneWithinMs;
  let alive = pids.filter(isAlive);
  while (alive.length > 0 && clock.now() < untilMs) {
    await clock.sleep(50);
    alive = alive.filter(isAlive);
  }
  for (const pid of alive) process.kill(pid, 'SIGKILL');
  return alive;
}
