import type { Random } from '@tweet-pipes/kit/random';
import type { End, FileKind, FileOperation } from './end.ts';

/** Every step whose repetition could count twice, and whose loss could lose something. */
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

/**
 * One of each end, with fresh times and counts. Half of the moments are chosen blindly, half where a death hurts most.
 */
export function allEnds(random: Random): End[] {
  const from = (least: number, most: number) => least + Math.floor(random.next() * (most - least + 1));
  const calls: End[] = workingCalls.flatMap((operation) =>
    (['before', 'after'] as const).map((when) => inCall(operation, when, from(1, 6))),
  );
  const loading: End[] = loadingCalls.map((operation) => ({
    how: 'kill-call',
    operation,
    when: random.next() < 0.5 ? 'before' : 'after',
    nth: 1,
  }));
  const files: End[] = fileSteps.flatMap(({ file, operation, whens }) =>
    whens.map((when): End => ({ how: 'kill-file', file, operation, when, nth: from(1, 4) })),
  );
  const blind: End[] = Array.from({ length: 30 }, () => ({ how: 'kill', afterReadyMs: from(50, 2_500) }));
  const starting: End[] = Array.from({ length: 6 }, () => ({ how: 'kill-starting', afterSpawnMs: from(300, 2_000) }));
  const engine: End[] = Array.from({ length: 3 }, () => ({ how: 'kill-engine', afterReadyMs: from(50, 2_000) }));
  const stops: End[] = Array.from({ length: 3 }, () => ({ how: 'stop', afterReadyMs: from(50, 2_000) }));
  return [...calls, ...loading, ...files, ...blind, ...starting, ...engine, ...stops];
}

/** Quarantine is put often, and an archive object about once a second: that is the one to meet. */
function inCall(operation: string, when: 'before' | 'after', nth: number): End {
  return operation === 'PutObject'
    ? { how: 'kill-call', operation, when, nth: 1, of: '/deleted/' }
    : { how: 'kill-call', operation, when, nth };
}
