import type { CallCosts } from '@tweet-pipes/console/call-costs';
import type { Journey } from '@tweet-pipes/console/journey';
import type { Status } from '@tweet-pipes/console/status';
import type { HashtagReading } from '@tweet-pipes/console/views/hashtags/api';
import type { ObjectContent, ObjectListing, QuarantineReading } from '@tweet-pipes/console/views/objects/api';
import type { PipelineReading } from '@tweet-pipes/console/views/pipeline/api';
import type { PipeList } from '@tweet-pipes/console/views/pipes/api';
import type { QueryList, QueryOutcome } from '@tweet-pipes/console/views/queries/api';
import * as z from 'zod';
import { badRequest, notFound } from '../api-error.ts';
import { type ApiHandler, type ApiRoutes, parseBody, parseQuery } from '../api-handler.ts';
import type { ConsoleContext } from '../console-context.ts';
import { perContext } from '../per-context.ts';
import { readBill } from './bill-reader.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { HashtagReader } from './hashtag-reader.ts';
import { Kept } from './kept.ts';
import { readObject } from './object-content.ts';
import { listObjects, placeOf } from './object-listing.ts';
import { changePipe, describePipes } from './pipe-actions.ts';
import { PipelineReader } from './pipeline-reader.ts';
import { QuarantineReader } from './quarantine-reader.ts';
import { listQueries, runNamedQuery } from './queries.ts';
import { RedriveJob } from './redrive-job.ts';
import { readJourney } from './tweet.ts';

/** How often the whole table of counters may be read at most: on AWS each reading is paid. */
const shortestPauseMs: Readonly<Record<ConsoleContext['place'], number>> = { local: 2_000, aws: 60_000 };
/** How long a page waits for the counters before it gets what is there. */
const patienceMs = 300;

const hashtagReaders = perContext(async (context) => {
  const { HashtagTableName: table } = coreOf(await deploymentOf(context));
  const { clients, clock, place } = context;
  return new HashtagReader({ clients, clock, table, shortestPauseMs: shortestPauseMs[place], patienceMs });
});

const quarantineReaders = perContext(async (context) => {
  const { ArchiveBucketName } = coreOf(await deploymentOf(context));
  const reader = new QuarantineReader(context.clients, ArchiveBucketName);
  return new Kept(context.clock, { keptMs: 2_000, timesItsLength: 30, atMostMs: 10_000 }, () => reader.read());
});

const redriveJobs = perContext((context) => new RedriveJob(context));

const pipelineReaders = perContext((context) => new PipelineReader(context));

const getStatus: ApiHandler = (context): Promise<Status> => pipelineReaders(context).status.get();

const getPipeline: ApiHandler = (context): Promise<PipelineReading> => pipelineReaders(context).read();

/** Empty where calls are free. */
const getCalls: ApiHandler = async ({ callCosts }): Promise<CallCosts | Record<string, never>> => callCosts?.() ?? {};

const getTweet: ApiHandler = async (context, request): Promise<Journey> => {
  const { id } = parseQuery(z.object({ id: z.string() }), request);
  if (id.length === 0 || id.length > 64)
    throw badRequest(`The id of a tweet has 1 to 64 characters, and this one has ${id.length}.`);
  return readJourney(context, id);
};

const hashtagQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  find: z.string().optional(),
});

const getHashtags: ApiHandler = async (context, request): Promise<HashtagReading> => {
  const { limit, find } = parseQuery(hashtagQuery, request);
  return (await hashtagReaders(context)).read(limit, find);
};

const objectsQuery = z.object({ place: z.string(), prefix: z.string().default(''), token: z.string().optional() });

const getObjects: ApiHandler = async (context, request): Promise<ObjectListing> => {
  const { token, ...query } = parseQuery(objectsQuery, request);
  return listObjects(context.clients, await deploymentOf(context), { ...query, token });
};

const objectQuery = z.object({
  place: z.string(),
  key: z.string().min(1),
  from: z.coerce.number().int().min(0).default(0),
});

const getObject: ApiHandler = async (context, request): Promise<ObjectContent> => {
  const { place, key, from } = parseQuery(objectQuery, request);
  const { bucket } = placeOf(await deploymentOf(context), place);
  return readObject(context.clients, { bucket, key, from });
};

const getQuarantine: ApiHandler = async (context): Promise<QuarantineReading> =>
  (await quarantineReaders(context)).get();

const getQueries: ApiHandler = async (context): Promise<QueryList> => ({
  queries: await listQueries(context, await deploymentOf(context)),
});

const queryOrder = z.strictObject({ lake: z.enum(['tweets', 'sales']), name: z.string() });

const postQuery: ApiHandler = async (context, request): Promise<QueryOutcome> =>
  runNamedQuery(context, await deploymentOf(context), parseBody(queryOrder, request));

const getBill: ApiHandler = (context) => readBill(context);

const pipeListOf = async (context: ConsoleContext): Promise<PipeList> => ({
  pipes: await describePipes(context.clients, await deploymentOf(context)),
  redrive: redriveJobs(context).state,
});

const getPipes: ApiHandler = (context): Promise<PipeList> => pipeListOf(context);

const pipeOrder = z.strictObject({ name: z.string(), action: z.enum(['start', 'stop']) });

const postPipe: ApiHandler = async (context, request): Promise<PipeList> => {
  await changePipe(context.clients, await deploymentOf(context), parseBody(pipeOrder, request));
  return pipeListOf(context);
};

const redriveOrder = z.strictObject({ dryRun: z.boolean(), stop: z.boolean(), dismissExpired: z.boolean() });

/** Answers at once. `GET pipes` says how far it is. */
const postRedrive: ApiHandler = async (context, request) =>
  redriveJobs(context).begin(await deploymentOf(context), parseBody(redriveOrder, request)).state;

/** The API of all views but the executions. */
export const viewRoutes: ApiRoutes = {
  'GET status': getStatus,
  'GET pipeline': getPipeline,
  'GET calls': getCalls,
  'GET tweet': getTweet,
  'GET hashtags': getHashtags,
  'GET objects': getObjects,
  'GET object': getObject,
  'GET quarantine': getQuarantine,
  'GET queries': getQueries,
  'POST query': postQuery,
  'GET bill': getBill,
  'GET pipes': getPipes,
  'POST pipe': postPipe,
  'POST redrive': postRedrive,
};

function coreOf({ core }: Deployment): NonNullable<Deployment['core']> {
  if (core !== undefined) return core;
  throw notFound('The pipeline of tweets is not deployed here, so there is nothing to show.');
}
