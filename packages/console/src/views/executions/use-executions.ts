import { useRef } from 'preact/hooks';
import type { ExecutionList, ExecutionSummary } from '../../api.ts';
import { getJson } from '../../app/call-api.ts';
import { type Live, usePolling } from '../../app/use-live.ts';
import { mergeExecutions } from './merge-executions.ts';

/** The executions of a workflow in the last minutes, and what is said about them. */
export type Executions = Omit<ExecutionList, 'version' | 'isWhole'>;

/** Whether the log is not read as far back as was asked for. */
export const isSearching = ({ searched }: Pick<ExecutionList, 'searched'>): boolean => !searched.isComplete;

/** Loads the executions once, then what changed. */
export function useExecutions(workflow: string, minutes: number): Live<Executions> {
  const seen = useRef<{ identity: string; version: string; byArn: ReadonlyMap<string, ExecutionSummary> }>(undefined);
  const identity = `${workflow} ${minutes}`;
  const load = async (signal: AbortSignal): Promise<Executions> => {
    const before = seen.current?.identity === identity ? seen.current : undefined;
    const list = await getJson<ExecutionList>('executions', { workflow, minutes, since: before?.version }, signal);
    const oldestMs = Date.now() - minutes * 60_000;
    const byArn = mergeExecutions(list.isWhole ? new Map() : (before?.byArn ?? new Map()), list.executions, oldestMs);
    if (!signal.aborted) seen.current = { identity, version: list.version, byArn };
    return { ...list, executions: [...byArn.values()] };
  };
  return usePolling(identity, load, [], undefined, isSearching);
}
