import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import type { RequestContext } from '../../gateway/local-service.ts';
import { invalidParameter, noSuchGroup } from '../errors.ts';
import { groupNameOf } from '../group-name.ts';
import type { LogStore } from '../log-store.ts';
import type { inputs } from '../shapes.ts';
import { parseQuery } from './parse-query.ts';
import { type QueryProgress, runQuery } from './run-query.ts';

type Status = 'Running' | 'Complete' | 'Failed' | 'Cancelled';

interface StartedQuery {
  readonly id: string;
  readonly queryString: string;
  readonly createdMs: number;
  readonly logGroupNames: readonly string[];
  readonly progress: QueryProgress;
  readonly stop: AbortController;
  status: Status;
  endedMs?: number;
}

/** Queries that are remembered, with their results. */
const MOST_QUERIES = 100;

/** What runs queries. */
export interface QueriesOptions {
  store: LogStore;
  clock: Clock;
  random: Random;
  /** Called with one line when a query fails. */
  log(line: string): void;
}

/** The latest queries, in memory. */
export class Queries {
  readonly #options: QueriesOptions;
  readonly #queries = new Map<string, StartedQuery>();

  constructor(options: QueriesOptions) {
    this.#options = options;
  }

  /** Throws MalformedQueryException, InvalidParameterException and ResourceNotFoundException. */
  start(input: z.infer<typeof inputs.StartQuery>, context: RequestContext): { queryId: string } {
    const { store, clock, random } = this.#options;
    const logGroupNames = groupsOf(input);
    if (!logGroupNames.every((name) => store.hasGroup(name))) throw noSuchGroup();
    if (input.startTime > input.endTime) throw invalidParameter('endTime must not be before startTime.');
    const query = parseQuery(input.queryString, input.limit);
    const started: StartedQuery = {
      id: random.uuid(),
      queryString: input.queryString,
      createdMs: clock.now(),
      logGroupNames,
      progress: { results: [], recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
      stop: new AbortController(),
      status: 'Running',
    };
    this.#add(started);
    const source = {
      logGroupNames,
      // Seconds, the last one with all of its milliseconds.
      startMs: input.startTime * 1000,
      endMs: input.endTime * 1000 + 999,
      read: store.read.bind(store),
      accountId: context.accountId,
    };
    void runQuery(query, source, started.progress, started.stop.signal).then(
      () => this.#end(started, 'Complete'),
      (error: unknown) => {
        this.#end(started, 'Failed');
        this.#options.log(`A query of CloudWatch Logs failed: ${sentence(error)}`);
      },
    );
    return { queryId: started.id };
  }

  /** Throws ResourceNotFoundException. */
  results({ queryId }: { queryId: string }): object {
    const { progress, status, logGroupNames } = this.#find(queryId);
    const { results, recordsMatched, recordsScanned, bytesScanned } = progress;
    return {
      queryLanguage: 'CWLI',
      results,
      statistics: { recordsMatched, recordsScanned, bytesScanned, logGroupsScanned: logGroupNames.length },
      status,
    };
  }

  /** Throws ResourceNotFoundException, and InvalidParameterException for a query that has ended. */
  stop({ queryId }: { queryId: string }): { success: boolean } {
    const query = this.#find(queryId);
    if (query.status !== 'Running') {
      throw invalidParameter(`Query ${queryId} is not running, its status is ${query.status}.`);
    }
    query.stop.abort();
    this.#end(query, 'Cancelled');
    return { success: true };
  }

  /** The queries, the latest first. */
  describe({ logGroupName, status, maxResults, nextToken }: z.infer<typeof inputs.DescribeQueries>): object {
    const all = [...this.#queries.values()]
      .reverse()
      .filter((query) => status === undefined || query.status === status)
      .filter(({ logGroupNames }) => logGroupName === undefined || logGroupNames.includes(logGroupName));
    const start = nextToken === undefined ? 0 : all.findIndex(({ id }) => id === nextToken) + 1;
    const shown = all.slice(start, start + maxResults);
    const last = shown.at(-1);
    return {
      queries: shown.map(({ id, queryString, createdMs, logGroupNames, progress, endedMs, status }) => ({
        queryLanguage: 'CWLI',
        queryId: id,
        queryString,
        status,
        createTime: createdMs,
        logGroupName: logGroupNames[0],
        bytesScanned: progress.bytesScanned,
        ...(endedMs !== undefined && { queryDuration: endedMs - createdMs }),
      })),
      ...(start + maxResults < all.length && last !== undefined && { nextToken: last.id }),
    };
  }

  #add(query: StartedQuery): void {
    this.#queries.set(query.id, query);
    const [oldest] = this.#queries.values();
    if (this.#queries.size <= MOST_QUERIES || oldest === undefined) return;
    oldest.stop.abort();
    this.#queries.delete(oldest.id);
  }

  #find(queryId: string): StartedQuery {
    const query = this.#queries.get(queryId);
    if (query === undefined) throw new AwsError('ResourceNotFoundException', `The specified query does not exist.`);
    return query;
  }

  #end(query: StartedQuery, status: Status): void {
    if (query.status !== 'Running') return;
    query.status = status;
    query.endedMs = this.#options.clock.now();
  }
}

function groupsOf({ logGroupName, logGroupNames, logGroupIdentifiers }: z.infer<typeof inputs.StartQuery>): string[] {
  const given = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers];
  const [groups, ...others] = given.filter((each) => each !== undefined);
  if (groups === undefined || others.length > 0) {
    throw invalidParameter('Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.');
  }
  return groups.map(groupNameOf);
}
