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

/** Crashes the runtime as planned, at the latest after {@link longestRoundMs}. Returns what hung, if anything. */
export async function injectCrash(crashPoint: CrashPoint, target: CrashTarget): Promise<'start' | 'stop' | undefined> {
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
    return 'start';
  }
  switch (crashPoint.how) {
    case 'kill':
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
      return (await killAfter(limitMs)) ? 'stop' : undefined;
    }
    case 'stop':
      await clock.sleep(crashPoint.afterReadyMs, over);
      process.stop();
      return (await killAfter(limitMs)) ? 'stop' : undefined;
  }
}
