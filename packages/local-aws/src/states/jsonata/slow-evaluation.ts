import { Worker } from 'node:worker_threads';
import { abortable } from '../interpreter/abortable.ts';
import { BoundExceeded, boundOf, type ExpressionBounds } from './bounds.ts';
import type { EvaluationOutcome } from './evaluation.ts';

/** An evaluation, as a thread gets it. */
export interface SlowEvaluation {
  readonly source: string;
  /** The variables that the expression names. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
  /** Of `evaluationRandom`. */
  readonly seed: string;
  readonly bounds: ExpressionBounds;
}

/** Threads at once. Further evaluations wait. */
const THREADS = 2;
/** Between two looks at the processor time of a thread. */
const WATCH_MS = 100;
/** Processor time of a thread beside the evaluation: it starts, and loads the library. */
const START_MS = 2_000;
/** Heap of a thread, and what it holds for each byte that the meter counts. */
const HEAP_MEGABYTES = 256;
const HEAP_PER_BYTE = 20;

const running = new Set<Promise<EvaluationOutcome>>();

/**
 * Evaluates an expression in a thread of its own, so that it holds up nothing else, however long a single call in it
 * takes. The thread ends the evaluation at its bounds, and is itself ended when it is stuck beyond them. Rejects with
 * `Stopped` as soon as the signal aborts.
 */
export async function evaluateSlowly(evaluation: SlowEvaluation, signal: AbortSignal): Promise<EvaluationOutcome> {
  while (running.size >= THREADS)
    await abortable(
      Promise.race(running).catch(() => {}),
      signal,
    );
  const outcome = evaluateInThread(evaluation, signal);
  running.add(outcome);
  return outcome.finally(() => running.delete(outcome));
}

async function evaluateInThread(evaluation: SlowEvaluation, signal: AbortSignal): Promise<EvaluationOutcome> {
  const thread = new Worker(new URL('./slow-thread.ts', import.meta.url), {
    workerData: evaluation,
    resourceLimits: {
      maxOldGenerationSizeMb: HEAP_MEGABYTES + (evaluation.bounds.memoryBytes * HEAP_PER_BYTE) / 1_048_576,
    },
  });
  try {
    return await abortable(outcomeOfThread(thread, evaluation.bounds), signal);
  } finally {
    await thread.terminate();
  }
}

function outcomeOfThread(thread: Worker, bounds: ExpressionBounds): Promise<EvaluationOutcome> {
  return new Promise((resolve, reject) => {
    const exceeded = ({ message }: BoundExceeded) => resolve({ kind: 'exceeded', message });
    const watch = setInterval(() => {
      // It is refused once the thread ended, and then the outcome is there.
      thread.cpuUsage().then(
        ({ user, system }) => {
          if ((user + system) / 1_000 > bounds.cpuMs + START_MS) exceeded(new BoundExceeded('cpuMs'));
        },
        () => {},
      );
    }, WATCH_MS);
    const done = () => clearInterval(watch);
    thread.once('message', (outcome: EvaluationOutcome) => {
      done();
      resolve(outcome);
    });
    thread.once('error', (error: unknown) => {
      done();
      const isOutOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const bound = isOutOfMemory ? new BoundExceeded('memoryBytes') : boundOf(error);
      if (bound === undefined) reject(error);
      else exceeded(bound);
    });
    thread.once('exit', done);
  });
}
