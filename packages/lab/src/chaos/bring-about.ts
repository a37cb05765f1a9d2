import type { Clock } from '@tweet-pipes/kit/clock';
import type { End } from './end.ts';
import { engineOf } from './processes.ts';
import type { RuntimeProcess } from './runtime-process.ts';

/** So long may a start take, and a stop. Longer means that something hangs, which is a defect. */
const limitMs = 90_000;
/**
 * A life whose planned moment does not come is ended so long after it was ready. A busy machine needs seconds to write
 * its first archive object.
 */
const longestLifeMs = 15_000;

export interface Ending {
  process: RuntimeProcess;
  dataFolder: string;
  clock: Clock;
  /** Aborts when the process has ended. */
  over: AbortSignal;
}

/** Ends the runtime as planned, at the latest when its time is over. Gives what hung, if something did. */
export async function bringAbout(end: End, ending: Ending): Promise<'start' | 'stop' | undefined> {
  const { process, dataFolder, clock, over } = ending;
  const killAfter = async (ms: number): Promise<boolean> => {
    await clock.sleep(ms, over);
    if (over.aborted) return false;
    process.kill();
    return true;
  };

  if (end.how === 'kill-starting') {
    await killAfter(end.afterSpawnMs);
    return undefined;
  }
  const started = new AbortController();
  void process.ready.then(() => started.abort());
  await clock.sleep(limitMs, AbortSignal.any([over, started.signal]));
  if (!started.signal.aborted && !over.aborted) {
    process.kill();
    return 'start';
  }
  switch (end.how) {
    case 'kill':
      await killAfter(end.afterReadyMs);
      return undefined;
    case 'kill-call':
    case 'kill-file':
      await killAfter(longestLifeMs);
      return undefined;
    case 'kill-engine': {
      await clock.sleep(end.afterReadyMs, over);
      const engine = over.aborted ? undefined : await engineOf(dataFolder);
      if (engine !== undefined && !over.aborted) globalThis.process.kill(engine, 'SIGKILL');
      return (await killAfter(limitMs)) ? 'stop' : undefined;
    }
    case 'stop':
      await clock.sleep(end.afterReadyMs, over);
      process.stop();
      return (await killAfter(limitMs)) ? 'stop' : undefined;
  }
}
