import type { Random } from '@tweet-pipes/kit/random';
import type { CrashPoint, FileKind, FileOperation } from './crash-point.ts';

/** Calls whose repetition could count twice or whose loss could lose data. */
const workingCalls = [
  ...['PutRecords', 'GetRecords', 'StartSyncExecution', 'BatchGetItem', 'BatchExecuteStatement', 'UpdateItem'],
  ...['TransactWriteItems', 'Invoke', 'PutRecordBatch', 'PutObject'],
];

/** The calls that create the stack at each start. */
const loadingCalls = ['CreateStateMachine', 'CreateFunction', 'CreateDeliveryStream', 'CreatePipe'];

const fileSteps: { file: FileKind; operation: FileOperation; whens: ('before' | 'half' | 'after')[] }[] = [
  { file: 'checkpoint', operation: 'open', whens: ['after'] },
  { file: 'checkpoint', operation: 'write', whens: ['half', 'after'] },
  { file: 'checkpoint', operation: 'rename', whens: ['before', 'after'] },
  { file: 'checkpoint', operation: 'sync-folder', whens: ['after'] },
  { file: 'journal', operation: 'open', whens: ['after'] },
  { file: 'journal', operation: 'write', whens: ['half', 'after'] },
  { file: 'journal', operation: 'sync', whens: ['before', 'after'] },
  { file: 'journal', operation: 'remove', whens: ['before', 'after'] },
  { file: 'journal', operation: 'sync-folder', whens: ['after'] },
];

/** One crash point of each kind, with random times and counts: half at random moments, half inside critical steps. */
export function allCrashPoints(random: Random): CrashPoint[] {
  const from = (least: number, most: number) => least + Math.floor(random.next() * (most - least + 1));
  const calls: CrashPoint[] = workingCalls.flatMap((operation) =>
    (['before', 'after'] as const).map((when) => inCall(operation, when, from(1, 6))),
  );
  const loading: CrashPoint[] = loadingCalls.map((operation) => ({
    how: 'kill-call',
    operation,
    when: random.next() < 0.5 ? 'before' : 'after',
    nth: 1,
  }));
  const files: CrashPoint[] = fileSteps.flatMap(({ file, operation, whens }) =>
    whens.map((when): CrashPoint => ({ how: 'kill-file', file, operation, when, nth: from(1, 4) })),
  );
  const randomMoments: CrashPoint[] = Array.from({ length: 30 }, () => ({
    how: 'kill',
    afterReadyMs: from(50, 2_500),
  }));
  const starting: CrashPoint[] = Array.from({ length: 6 }, () => ({
    how: 'kill-starting',
    afterSpawnMs: from(300, 2_000),
  }));
  const engine: CrashPoint[] = Array.from({ length: 3 }, () => ({ how: 'kill-engine', afterReadyMs: from(50, 2_000) }));
  const stops: CrashPoint[] = Array.from({ length: 3 }, () => ({ how: 'stop', afterReadyMs: from(50, 2_000) }));
  const fullDisks: CrashPoint[] = Array.from({ length: 5 }, () => ({
    how: 'fill-disk',
    afterReadyMs: from(50, 1_000),
    fullMs: from(100, 3_000),
  }));
  const gone: CrashPoint[] = Array.from({ length: 3 }, () => ({
    how: 'stay-gone',
    afterReadyMs: from(500, 2_000),
    goneMs: 15_000,
  }));
  return [...calls, ...loading, ...files, ...randomMoments, ...starting, ...engine, ...fullDisks, ...gone, ...stops];
}

/** Of PutObject only archive objects count, about one a second: quarantine objects are frequent and less critical. */
function inCall(operation: string, when: 'before' | 'after', nth: number): CrashPoint {
  return operation === 'PutObject'
    ? { how: 'kill-call', operation, when, nth: 1, of: '/deleted/' }
    : { how: 'kill-call', operation, when, nth };
}
