import { flushCompileCache } from 'node:module';
import { QueryError } from '../sql/query-error.ts';
import { Databases } from './databases.ts';
import type { EngineReply, EngineRequest, EngineSettings, Relation, WireError } from './messages.ts';
import { runQuery } from './run-query.ts';

/**
 * The process that runs queries: DuckDB and the SQL parser live here, so that the runtime has neither in its memory. It
 * ends with the runtime.
 */
const send = process.send?.bind(process);
if (send === undefined) throw new Error('worker.ts runs as a forked process only');
const reply = (message: EngineReply): void => void send(message);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const settings: EngineSettings = JSON.parse(process.env.ATHENA_ENGINE ?? '');
const databases = new Databases(settings);
// Node writes it at the end of the process otherwise, and this one is killed.
flushCompileCache();

interface Running {
  interrupt?: () => void;
  isCancelled: boolean;
  answer?: { resolve(relations: readonly Relation[]): void; reject(error: Error): void };
}
const running = new Map<string, Running>();

process.on('message', (message: EngineRequest) => {
  const query = running.get(message.id);
  switch (message.kind) {
    case 'run':
      void run(message);
      return;
    case 'relations':
      query?.answer?.resolve(message.relations);
      return;
    case 'refused':
      query?.answer?.reject(fromWire(message.error));
      return;
    case 'cancel':
      if (query !== undefined) {
        query.isCancelled = true;
        query.interrupt?.();
      }
      return;
  }
});

async function run({ id, sql, database, output }: Extract<EngineRequest, { kind: 'run' }>): Promise<void> {
  const query: Running = { isCancelled: false };
  running.set(id, query);
  try {
    const result = await runQuery(
      {
        sql,
        database,
        output,
        relations: (tables) =>
          new Promise((resolve, reject) => {
            query.answer = { resolve, reject };
            reply({ kind: 'wants', id, tables });
          }),
        onStart(interrupt) {
          query.interrupt = interrupt;
          if (query.isCancelled) interrupt();
        },
      },
      databases,
    );
    reply({ kind: 'done', id, ...result });
  } catch (error) {
    reply({ kind: 'failed', id, error: toWire(error) });
  } finally {
    running.delete(id);
  }
}

function toWire(error: unknown): WireError {
  if (error instanceof QueryError) return { name: error.name, message: error.message };
  return { name: 'GENERIC_INTERNAL_ERROR', message: `GENERIC_INTERNAL_ERROR: ${String(error)}` };
}

function fromWire({ name, message }: WireError): QueryError {
  return new QueryError(name, message.replace(`${name}: `, ''));
}
