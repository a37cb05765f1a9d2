import type { ExecutionSummary } from '../../api.ts';

/** Puts what changed over what was known, and drops what ended or began before `oldestMs`. */
export function mergeExecutions(
  known: ReadonlyMap<string, ExecutionSummary>,
  changed: readonly ExecutionSummary[],
  oldestMs: number,
): ReadonlyMap<string, ExecutionSummary> {
  const merged = new Map(known);
  for (const execution of changed) merged.set(execution.arn, execution);
  for (const { arn, startMs, endMs } of merged.values()) if ((startMs ?? endMs ?? 0) < oldestMs) merged.delete(arn);
  return merged;
}
