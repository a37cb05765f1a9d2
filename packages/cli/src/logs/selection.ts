import type { LogSource } from './log-source.ts';
import type { Selection } from './read-events.ts';

/** What is looked for. At most one of them is given. */
export interface Sought {
  /** An ARN, or the beginning of a name. */
  readonly execution?: string;
  readonly tweet?: string;
  /** A filter pattern of CloudWatch Logs. */
  readonly filter?: string;
}

/** Of an execution its beginning, its end and what failed. All else fills screens. */
const OUTLINE = '{ $.type = "Execution*" || $.type = "*Failed" || $.type = "*TimedOut" || $.type = "*Aborted" }';

/** What to read of each source. */
export function selectionsOf(sources: readonly LogSource[], sought: Sought): Selection[] {
  const { execution, tweet, filter } = sought;
  if (execution !== undefined) {
    const ofWorkflows = sources.filter(({ kind }) => kind === 'workflow');
    return ofWorkflows.map((source) => ({ source, pattern: executionPattern(execution) }));
  }
  if (tweet !== undefined) {
    const accepts = holdsId(tweet);
    return sources.map((source) => ({ source, pattern: JSON.stringify(tweet), accepts }));
  }
  return sources.map((source) => ({ source, pattern: filter ?? (source.kind === 'workflow' ? OUTLINE : '') }));
}

/** Whether the selections of workflows leave events out. */
export function isOutline({ execution, tweet, filter }: Sought): boolean {
  return execution === undefined && tweet === undefined && filter === undefined;
}

/** Whether the id stands alone in a message, not within a longer number or word. */
function holdsId(id: string): (message: string) => boolean {
  const alone = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(id)}(?![\\p{L}\\p{N}])`, 'u');
  return (message) => alone.test(message);
}

function executionPattern(execution: string): string {
  const value = execution.startsWith('arn:') ? execution : `*:${execution}*`;
  return `{ $.execution_arn = ${JSON.stringify(value)} }`;
}
