import type { StackStatus } from './stack.ts';
import type { StackRecord } from './stack-record.ts';

/** The reason of a status that follows from the end of the runtime. */
export const INTERRUPTED = 'The runtime stopped during the operation.';

/**
 * One line on an operation that the end of the runtime interrupted, now that it is over. `status`: what the stack had
 * at the end.
 */
export function describeInterruption(status: StackStatus, record: StackRecord): string {
  const [what, done] = outcomeOf(status, record);
  const failed = [...record.resources.values()].filter((each) => each.status === 'DELETE_FAILED');
  const reasons = failed
    .map(({ logicalId, statusReason }) => `${logicalId} could not be deleted: ${statusReason?.replace(/\.$/, '')}. `)
    .join('');
  const remedy = reasons === '' ? '' : ` ${reasons}Correct that, then delete the stack.`;
  return `The ${what} of stack ${record.name} was interrupted, and ${done}: ${record.status}.${remedy}`;
}

/** What was interrupted, and what has been done. */
function outcomeOf(status: StackStatus, { disableRollback }: StackRecord): [what: string, done: string] {
  if (status === 'DELETE_IN_PROGRESS') return ['deletion', 'went on'];
  const what = status === 'CREATE_IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS' ? 'creation' : 'update';
  if (status.includes('CLEANUP')) return [what, 'was brought to its end'];
  const isKept = disableRollback && !status.includes('ROLLBACK');
  return [what, isKept ? 'stays as it is' : 'has been rolled back'];
}
