import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { z } from 'zod';
import type { LocalService, Operation, RequestContext } from '../gateway/local-service.ts';
import { logEventBytes } from '../meter/log-event-bytes.ts';
import { alreadyExists, invalidParameter, isProtected, noSuchGroup, noSuchStream, parseInput } from './errors.ts';
import { type EventKey, eventId, keyText, parseKey } from './event-key.ts';
import { groupNameOf } from './group-name.ts';
import { Queries } from './insights/queries.ts';
import type { StreamFacts } from './log-group.ts';
import type { GroupFacts, LogStore } from './log-store.ts';
import { compileFilterPattern } from './pattern/filter-pattern.ts';
import { type GroupReference, inputs } from './shapes.ts';

/** What the service needs. */
export interface LogsServiceOptions {
  store: LogStore;
  clock: Clock;
  random: Random;
  /** Called with one line when a query fails. */
  log(line: string): void;
  /** What makes metrics of lines. Default: nothing does. */
  metricFilters?: MetricFilters;
}

/** The metric filters of log groups. */
export interface MetricFilters {
  /** `hasGroup` tells whether a log group exists. */
  operations(hasGroup: (logGroupName: string) => boolean): Readonly<Record<string, Operation>>;
  /** How many a group has. */
  filterCount(logGroupName: string): number;
  /** Forgets those of a group that was deleted. */
  forget(logGroupName: string): void;
}

/**
 * Bytes of a batch and of a page.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const BATCH_BYTES = 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;
const LATEST_MS = 2 * HOUR_MS;
const EARLIEST_MS = 14 * 24 * HOUR_MS;

/**
 * CloudWatch Logs over a {@link LogStore}: groups, streams, events and filter patterns. docs/feature-support.md lists
 * what it supports; any other operation is `UnknownOperationException`.
 */
export function createLogsService(options: LogsServiceOptions): LocalService {
  const { store, clock, metricFilters } = options;
  const queries = new Queries(options);
  const operation =
    <T>(schema: z.ZodType<T>, run: (input: T, context: RequestContext) => Promise<object>): Operation =>
    async (input, context) =>
      run(parseInput(schema, input), context);

  return {
    signingName: 'logs',
    operations: {
      ...metricFilters?.operations((name) => store.hasGroup(name)),
      CreateLogGroup: operation(inputs.CreateLogGroup, async ({ logGroupName, deletionProtectionEnabled }) => {
        if (!(await store.createGroup(logGroupName))) throw alreadyExists('log group');
        await store.protect(logGroupName, deletionProtectionEnabled);
        return {};
      }),
      DeleteLogGroup: operation(inputs.DeleteLogGroup, async ({ logGroupName }) => {
        if (store.isProtected(logGroupName)) throw isProtected(logGroupName);
        if (!(await store.deleteGroup(logGroupName))) throw noSuchGroup();
        metricFilters?.forget(logGroupName);
        return {};
      }),
      PutLogGroupDeletionProtection: operation(inputs.PutLogGroupDeletionProtection, async (input) => {
        const logGroupName = groupNameOf(input.logGroupIdentifier);
        if (!(await store.protect(logGroupName, input.deletionProtectionEnabled))) throw noSuchGroup();
        return {};
      }),
      DescribeLogGroups: operation(inputs.DescribeLogGroups, async (input, context) => {
        const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' } = input;
        if (prefix !== '' && pattern !== '') {
          throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
        }
        const names = input.logGroupIdentifiers?.map((each) => groupNameOf(each));
        const found = store
          .groups()
          .filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
          .filter(({ name }) => names === undefined || names.includes(name));
        const { items, nextToken } = pageOf(found, ({ name }) => name, input);
        const described = items.map((each) => ({
          ...describeGroup(each, context),
          metricFilterCount: metricFilters?.filterCount(each.name) ?? 0,
        }));
        return { logGroups: described, ...(nextToken && { nextToken }) };
      }),
      PutRetentionPolicy: operation(inputs.PutRetentionPolicy, async ({ logGroupName, retentionInDays }) => {
        if (!(await store.setRetention(logGroupName, retentionInDays))) throw noSuchGroup();
        return {};
      }),
      DeleteRetentionPolicy: operation(inputs.DeleteRetentionPolicy, async ({ logGroupName }) => {
        if (!(await store.setRetention(logGroupName, undefined))) throw noSuchGroup();
        return {};
      }),

      CreateLogStream: operation(inputs.CreateLogStream, async ({ logGroupName, logStreamName }) => {
        const isNew = await store.createStream(logGroupName, logStreamName);
        if (isNew === undefined) throw noSuchGroup();
        if (!isNew) throw alreadyExists('log stream');
        return {};
      }),
      DeleteLogStream: operation(inputs.DeleteLogStream, async ({ logGroupName, logStreamName }) => {
        if (store.isProtected(logGroupName)) throw isProtected(logGroupName);
        const isDeleted = await store.deleteStream(logGroupName, logStreamName);
        if (isDeleted === undefined) throw noSuchGroup();
        if (!isDeleted) throw noSuchStream();
        return {};
      }),
      DescribeLogStreams: operation(inputs.DescribeLogStreams, async (input, context) => {
        const logGroupName = referenced(input);
        const { orderBy, descending, logStreamNamePrefix: prefix = '' } = input;
        if (orderBy === 'LastEventTime' && prefix !== '') {
          throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
        }
        const streams = await streamsOf(logGroupName);
        const byName = [...streams].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
        const sorted =
          orderBy === 'LogStreamName' ? byName : byName.sort(([, a], [, b]) => (a.lastMs ?? 0) - (b.lastMs ?? 0));
        if (descending) sorted.reverse();
        const { items, nextToken } = pageOf(sorted, ([name]) => name, input);
        const describe = (found: (typeof items)[number]) => describeStream(found, logGroupName, context);
        return { logStreams: items.map(describe), ...(nextToken && { nextToken }) };
      }),

      PutLogEvents: operation(inputs.PutLogEvents, putEvents),
      GetLogEvents: operation(inputs.GetLogEvents, getEvents),
      FilterLogEvents: operation(inputs.FilterLogEvents, filterEvents),

      StartQuery: operation(inputs.StartQuery, async (input, context) => queries.start(input, context)),
      GetQueryResults: operation(inputs.GetQueryResults, async (input) => queries.results(input)),
      StopQuery: operation(inputs.StopQuery, async (input) => queries.stop(input)),
      DescribeQueries: operation(inputs.DescribeQueries, async (input) => queries.describe(input)),
    },
  };

  async function streamsOf(logGroupName: string): Promise<ReadonlyMap<string, StreamFacts>> {
    const streams = await store.streams(logGroupName);
    if (streams === undefined) throw noSuchGroup();
    return streams;
  }

  async function putEvents(input: z.infer<typeof inputs.PutLogEvents>): Promise<object> {
    const { logGroupName, logStreamName, logEvents } = input;
    const bytes = logEvents.reduce((sum, { message }) => sum + logEventBytes(message), 0);
    if (bytes > BATCH_BYTES) {
      throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
    }
    if (logEvents.some(({ timestamp }, index) => timestamp < (logEvents[index - 1]?.timestamp ?? 0))) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    const streams = await streamsOf(logGroupName);
    if (!streams.has(logStreamName)) throw noSuchStream();
    const nowMs = clock.now();
    const days = store.groups().find(({ name }) => name === logGroupName)?.retentionDays;
    const expiredMs = days === undefined ? 0 : nowMs - days * 24 * HOUR_MS;
    const ends = {
      tooNewLogEventStartIndex: logEvents.findIndex(({ timestamp }) => timestamp > nowMs + LATEST_MS),
      tooOldLogEventEndIndex: logEvents.findLastIndex(({ timestamp }) => timestamp < nowMs - EARLIEST_MS) + 1,
      expiredLogEventEndIndex: logEvents.findLastIndex(({ timestamp }) => timestamp < expiredMs) + 1,
    };
    const first = Math.max(ends.tooOldLogEventEndIndex, ends.expiredLogEventEndIndex);
    const end = ends.tooNewLogEventStartIndex < 0 ? logEvents.length : ends.tooNewLogEventStartIndex;
    const lines = logEvents.slice(first, end).map(({ timestamp, message }) => ({ timestampMs: timestamp, message }));
    await store.putNow(logGroupName, logStreamName, lines);
    const rejected = {
      ...(ends.tooNewLogEventStartIndex >= 0 && { tooNewLogEventStartIndex: ends.tooNewLogEventStartIndex }),
      ...(ends.tooOldLogEventEndIndex > 0 && { tooOldLogEventEndIndex: ends.tooOldLogEventEndIndex }),
      ...(ends.expiredLogEventEndIndex > 0 && { expiredLogEventEndIndex: ends.expiredLogEventEndIndex }),
    };
    return Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected };
  }

  async function getEvents(input: z.infer<typeof inputs.GetLogEvents>): Promise<object> {
    const logGroupName = referenced(input);
    const { logStreamName, startTime = 0, endTime, limit } = input;
    if (!(await streamsOf(logGroupName)).has(logStreamName)) throw noSuchStream();
    const given = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const isBackward = given === undefined ? !input.startFromHead : given.isBackward;
    const page = await store.read(logGroupName, {
      startMs: startTime,
      // Exclusive, unlike that of FilterLogEvents.
      endMs: endTime === undefined ? Number.POSITIVE_INFINITY : endTime - 1,
      hasStream: (name) => name === logStreamName,
      matches: () => true,
      isBackward,
      ...(given && { beyond: given.key }),
      limit,
      limitBytes: BATCH_BYTES,
    });
    if (page === undefined) throw noSuchGroup();
    const { events } = page;
    const start: EventKey = given?.key ?? { timestampMs: startTime, segment: 0, offset: 0 };
    return {
      events: events.map(({ timestampMs: timestamp, message, ingestionMs: ingestionTime }) => ({
        timestamp,
        message,
        ingestionTime,
      })),
      nextForwardToken: tokenOf(events.at(-1)?.key ?? start, false),
      nextBackwardToken: tokenOf(events[0]?.key ?? start, true),
    };
  }

  async function filterEvents(input: z.infer<typeof inputs.FilterLogEvents>): Promise<object> {
    const logGroupName = referenced(input);
    const { logStreamNames: names, logStreamNamePrefix: prefix, startTime = 0, endTime, limit } = input;
    if (names !== undefined && prefix !== undefined) {
      throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
    }
    const matches = compileFilterPattern(input.filterPattern);
    if (names !== undefined) {
      const streams = await streamsOf(logGroupName);
      if (!names.every((name) => streams.has(name))) throw noSuchStream();
    }
    const given = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const isBackward = given?.isBackward ?? !input.startFromHead;
    const wanted = names === undefined ? undefined : new Set(names);
    const page = await store.read(logGroupName, {
      startMs: startTime,
      endMs: endTime ?? Number.POSITIVE_INFINITY,
      hasStream: (name) => (wanted === undefined ? name.startsWith(prefix ?? '') : wanted.has(name)),
      matches,
      needs: matches.needs,
      isBackward,
      ...(given && { beyond: given.key }),
      limit,
      limitBytes: BATCH_BYTES,
    });
    if (page === undefined) throw noSuchGroup();
    const events = isBackward ? page.events.toReversed() : page.events;
    const last = events.at(-1);
    return {
      events: events.map(({ logStreamName, timestampMs: timestamp, message, ingestionMs: ingestionTime, key }) => ({
        logStreamName,
        timestamp,
        message,
        ingestionTime,
        eventId: eventId(key),
      })),
      searchedLogStreams: [],
      ...(page.hasMore && last !== undefined && { nextToken: tokenOf(last.key, isBackward) }),
    };
  }
}

function describeGroup(group: GroupFacts, context: RequestContext): object {
  const { name, createdMs, retentionDays, storedBytes, isProtected: deletionProtectionEnabled = false } = group;
  const logGroupArn = groupArn(name, context);
  return {
    logGroupName: name,
    creationTime: createdMs,
    ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
    arn: `${logGroupArn}:*`,
    storedBytes,
    logGroupClass: 'STANDARD',
    deletionProtectionEnabled,
    logGroupArn,
  };
}

function describeStream(
  [name, { createdMs, firstMs, lastMs, lastIngestionMs }]: readonly [string, StreamFacts],
  logGroupName: string,
  context: RequestContext,
): object {
  return {
    logStreamName: name,
    creationTime: createdMs,
    ...(firstMs !== undefined && { firstEventTimestamp: firstMs }),
    ...(lastMs !== undefined && { lastEventTimestamp: lastMs }),
    ...(lastIngestionMs !== undefined && { lastIngestionTime: lastIngestionMs }),
    arn: `${groupArn(logGroupName, context)}:log-stream:${name}`,
    // As on AWS, where it is always 0.
    storedBytes: 0,
  };
}

function groupArn(name: string, { region, accountId }: RequestContext): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

function referenced({ logGroupName, logGroupIdentifier }: GroupReference): string {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be given.');
  }
  return logGroupName ?? groupNameOf(logGroupIdentifier ?? '');
}

function pageOf<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  { nextToken, limit }: { nextToken?: string | undefined; limit: number },
): { items: readonly T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : all.findIndex((item) => nameOf(item) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw invalidParameter('The specified nextToken is invalid.');
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return start + limit < all.length && last !== undefined ? { items, nextToken: nameOf(last) } : { items };
}

function tokenOf(key: EventKey, isBackward: boolean): string {
  return `${isBackward ? 'b' : 'f'}/${keyText(key)}`;
}

function parseToken(token: string): { key: EventKey; isBackward: boolean } {
  const key = /^[bf]\//.test(token) ? parseKey(token.slice(2)) : undefined;
  if (key === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { key, isBackward: token.startsWith('b') };
}
