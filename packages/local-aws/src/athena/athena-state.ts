import { join } from 'node:path';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';
import { invalidRequest } from './errors.ts';
import {
  type Execution,
  execution,
  type NamedQuery,
  namedQuery,
  type PreparedStatement,
  preparedStatement,
  type WorkGroup,
  workGroup,
} from './shapes.ts';

const file = z.strictObject({
  version: z.literal(1),
  workGroups: z.array(workGroup),
  namedQueries: z.array(namedQuery),
  preparedStatements: z.array(preparedStatement),
  executions: z.array(execution),
});

/** Executions that are kept; AWS keeps those of 45 days. */
const MOST_EXECUTIONS = 1000;

/** Workgroups, named queries, prepared statements and executions, kept in `<data folder>/athena/athena.json`. */
export class AthenaState {
  readonly workGroups = new Map<string, WorkGroup>();
  readonly namedQueries = new Map<string, NamedQuery>();
  /** By {@link statementKey}. */
  readonly preparedStatements = new Map<string, PreparedStatement>();
  /** Oldest first. */
  readonly executions = new Map<string, Execution>();
  readonly #file: DurableFile;

  private constructor(path: string) {
    this.#file = new DurableFile(path, () => this.#content());
  }

  /** Reads the state, or begins an empty one. What ran when the runtime ended has failed. Throws `DataFolderError`. */
  static async open(folder: string, nowMs: number): Promise<AthenaState> {
    const path = join(folder, 'athena.json');
    const state = new AthenaState(path);
    const read = await readDurable(path, file);
    for (const each of read?.workGroups ?? []) state.workGroups.set(each.name, each);
    for (const each of read?.namedQueries ?? []) state.namedQueries.set(each.NamedQueryId, each);
    for (const each of read?.preparedStatements ?? []) {
      state.preparedStatements.set(statementKey(each.WorkGroupName, each.StatementName), each);
    }
    for (const each of read?.executions ?? []) {
      const isOver = each.state !== 'QUEUED' && each.state !== 'RUNNING';
      const ended = {
        state: 'FAILED',
        completedMs: nowMs,
        reason: 'The local runtime ended before the query',
      } as const;
      state.executions.set(each.id, isOver ? each : { ...each, ...ended });
    }
    if (!state.workGroups.has('primary')) {
      state.workGroups.set('primary', { name: 'primary', state: 'ENABLED', configuration: {}, createdMs: nowMs });
    }
    return state;
  }

  /** Throws InvalidRequestException. */
  workGroup(name: string): WorkGroup {
    const found = this.workGroups.get(name);
    if (found === undefined) throw invalidRequest(`WorkGroup ${name} is not found.`);
    return found;
  }

  /** Throws InvalidRequestException. */
  execution(id: string): Execution {
    const found = this.executions.get(id);
    if (found === undefined) throw invalidRequest(`QueryExecution ${id} was not found`);
    return found;
  }

  /** Adds an execution, and forgets the oldest of too many that are over. */
  addExecution(added: Execution): void {
    this.executions.set(added.id, added);
    for (const { id, completedMs } of this.executions.values()) {
      if (this.executions.size <= MOST_EXECUTIONS) break;
      if (completedMs !== undefined) this.executions.delete(id);
    }
  }

  /** Resolves when the changes so far are on disk. */
  save(): Promise<void> {
    return this.#file.save();
  }

  #content(): z.input<typeof file> {
    return {
      version: 1,
      workGroups: [...this.workGroups.values()],
      namedQueries: [...this.namedQueries.values()],
      preparedStatements: [...this.preparedStatements.values()],
      executions: [...this.executions.values()],
    };
  }
}

/** The key of a prepared statement. */
export function statementKey(workGroupName: string, statementName: string): string {
  return `${workGroupName}/${statementName}`;
}
