import type { Clock } from '@tweet-pipes/kit/clock';
import type { CrashPoint } from './crash-point.ts';
import { engineOf } from './processes.ts';
import type { RuntimeProcess } from './runtime-process.ts';

/** Maximum duration of a start and of a stop. Longer means that the runtime hangs, which is a defect. */
const limitMs = 90_000;
/**
 * A round that does not reach its crash point is killed this long after the runtime was ready. A busy machine needs
 * seconds to write its first archive object.
 */
const longestRoundMs = 15_000;

/** The runtime to crash. */
export interface CrashTarget {
  process: RuntimeProcess;
  dataFolder: string;
  clock: Clock;
  /** Aborts when the process has exited. */
  over: AbortSignal;
}

/** What a runtime did not do in time: start, stop, report a full disk, work again when the disk had space. */
export type Hung = 'a start' | 'a stop' | 'a full disk' | 'a disk with space again';

/** Crashes the runtime as planned, at the latest after {@link longestRoundMs}. Returns what it hung at, if anything. */
export async function injectCrash(crashPoint: CrashPoint, target: CrashTarget): Promise<Hung | undefined> {
  const { process, dataFolder, clock, over } = target;
  const killAfter = async (ms: number): Promise<boolean> => {
    await clock.sleep(ms, over);
    if (over.aborted) return false;
    process.kill();
    return true;
  };

  if (crashPoint.how === 'kill-starting') {
    await killAfter(crashPoint.afterSpawnMs);
    return undefined;
  }
  const started = new AbortController();
  void process.ready.then(() => started.abort());
  await clock.sleep(limitMs, AbortSignal.any([over, started.signal]));
  if (!started.signal.aborted && !over.aborted) {
    process.kill();
    return 'a start';
  }
  switch (crashPoint.how) {
    case 'kill':
    case 'stay-gone':
      await killAfter(crashPoint.afterReadyMs);
      return undefined;
    case 'kill-call':
    case 'kill-file':
      await killAfter(longestRoundMs);
      return undefined;
    case 'kill-engine': {
      await clock.sleep(crashPoint.afterReadyMs, over);
      const engine = over.aborted ? undefined : await engineOf(dataFolder);
      if (engine !== undefined && !over.aborted) globalThis.process.kill(engine, 'SIGKILL');
      return (await killAfter(limitMs)) ? 'a stop' : undefined;
    }
    case 'fill-disk': {
      await clock.sleep(crashPoint.afterReadyMs, over);
      const hung = await fillDisk(crashPoint.fullMs, target);
      process.kill();
      return hung;
    }
    case 'stop':
      await clock.sleep(crashPoint.afterReadyMs, over);
      process.stop();
      return (await killAfter(limitMs)) ? 'a stop' : undefined;
  }
}

/** Between two looks at the runtime's health. */
const lookEveryMs = 50;

async function fillDisk(fullMs: number, { process, clock, over }: CrashTarget): Promise<Hung | undefined> {
  const endpoint = (await process.ready)?.endpoint;
  /** False when the time is over. A runtime that exits is not for this to judge. */
  const untilHealth = async (isSo: (status: number, text: string) => boolean): Promise<boolean> => {
    for (const endMs = clock.now() + limitMs; !over.aborted; await clock.sleep(lookEveryMs, over)) {
      const answer = await fetch(`${endpoint}/_health`).catch(() => undefined);
      if (answer !== undefined && isSo(answer.status, await answer.text())) return true;
      if (clock.now() > endMs) return false;
    }
    return true;
  };
  process.tell('fill disk');
  if (!(await untilHealth((_, text) => text.includes('disk full')))) return 'a full disk';
  await clock.sleep(fullMs, over);
  process.tell('free disk');
  return (await untilHealth((status) => status === 200)) ? undefined : 'a disk with space again';
}
