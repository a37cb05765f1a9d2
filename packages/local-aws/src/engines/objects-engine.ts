import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unsignedAuthorization } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';
import { unsupportedOperation } from '../gateway/errors.ts';
import { MAX_BODY_BYTES } from '../gateway/listener.ts';
import { jsonError, parseJsonObject, targetOperation } from '../gateway/protocols/json.ts';
import { s3Error } from '../gateway/protocols/query.ts';
import { callerEndpoint, type WireRequest, type WireResponse, type WireService } from '../gateway/wire.ts';
import { payerOf, unitsOf } from '../meter/meter.ts';
import { meterS3 } from '../meter/s3-requests.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { type Engine, EngineError } from './engine.ts';
import { loadFauxqs } from './fauxqs-modules.ts';
import { checkNewQueue } from './queue-checks.ts';
import { QueueMetrics } from './queue-metrics.ts';
import { rewriteQueueUrls } from './queue-urls.ts';
import { repairReleasedMessages } from './released-messages.ts';
import { type BucketReads, bucketReads } from './s3-bucket-reads.ts';
import { checkDigests, checkWriteConditions } from './s3-conditions.ts';
import { s3Operation } from './s3-operations.ts';
import { checkTarget, pathStyle, s3Target, withMediaType } from './s3-request.ts';
import { S3RequestMetrics } from './s3-request-metrics.ts';
import { limitDeliveries } from './sns-deliveries.ts';
import { snsService } from './sns-service.ts';
import { UseCount } from './use-count.ts';

const sqsPrefixes = ['AmazonSQS'];
/** The supported SQS operations. */
export const sqsOperations: ReadonlySet<string> = new Set([
  ...[
    'CreateQueue',
    'DeleteQueue',
    'GetQueueUrl',
    'ListQueues',
    'GetQueueAttributes',
    'SetQueueAttributes',
    'PurgeQueue',
  ],
  ...['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch'],
  ...['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'TagQueue', 'UntagQueue', 'ListQueueTags'],
]);
/** The metered calls: those with messages. Calls that manage queues are few. */
const MESSAGING = /Message/;
/** A request is billed per started 64 KB, https://aws.amazon.com/sqs/pricing/ */
const SQS_REQUEST_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';
/** Headers that do not apply to a body in memory. */
const HOP_HEADERS = new Set(['connection', 'transfer-encoding', 'expect', 'keep-alive', 'content-length']);

/** The engine, and what it knows of its queues. */
export interface ObjectsEngine extends Engine {
  /** Tells how many messages each queue has. */
  measureQueues(): void;
}

/** The engine's SQLite file is in `objects/` in the data folder. */
export interface ObjectsOptions extends Pick<RuntimeContext, 'clock' | 'dataFolder' | 'region' | 'meter' | 'metrics'> {
  /** Whether a queue takes the messages of a topic, by their ARNs. Default: it does. */
  mayDeliver?(topicArn: string, queueArn: string): boolean;
}

/**
 * S3, SQS and SNS: fauxqs in process, on SQLite, without a socket of its own (ADR 0002). Rejects with
 * {@link EngineError} when its file cannot be opened.
 */
export async function startObjects(options: ObjectsOptions): Promise<ObjectsEngine> {
  const folder = join(options.dataFolder, 'objects');
  mkdirSync(folder, { recursive: true });
  const fauxqs = await loadFauxqs();
  const stores = {
    sqsStore: new fauxqs.SqsStore(),
    snsStore: new fauxqs.SnsStore(),
    s3Store: new fauxqs.S3Store(),
  };
  let persistence: InstanceType<typeof fauxqs.PersistenceManager>;
  try {
    persistence = new fauxqs.PersistenceManager(folder);
    repairReleasedMessages(persistence);
    // Load before attaching. Attached stores would rewrite each restored row and delete its dependents.
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  } catch (cause) {
    throw new EngineError(`${folder} cannot be opened: ${String(cause)}. If its file is damaged, start with --fresh.`, {
      cause,
    });
  }
  Object.assign(stores.sqsStore, { persistence });
  Object.assign(stores.snsStore, { persistence });
  Object.assign(stores.s3Store, { persistence });
  for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });

  const deliveries = limitDeliveries(stores.sqsStore, options.mayDeliver);
  const app = fauxqs.buildApp({ logger: false, defaultRegion: options.region, stores });
  // fauxqs limits bodies to 11 MiB. Objects of Firehose may be larger.
  app.removeContentTypeParser('*');
  // An object may be of any type: `curl -d` calls it a form. SQS gets JSON only.
  app.removeContentTypeParser(FORM);
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  // What is posted to the root in a form is SNS.
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.url === '/' && request.headers['content-type']?.startsWith(FORM) && Buffer.isBuffer(request.body)) {
      request.body = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    }
    done();
  });
  // Check conditional writes in this hook: no other code runs between it and the write, so two writers cannot both find
  // the key free.
  app.addHook('preHandler', (request, reply, done) => {
    const refusal = checkConditionalWrite(request, stores.s3Store);
    if (refusal === undefined) return done();
    void reply.code(refusal.statusCode).headers(refusal.headers).send(refusal.body);
  });
  await app.ready();

  const users = new UseCount();
  const dispatch = async (request: WireRequest, extra: Record<string, string> = {}): Promise<WireResponse> => {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_HEADERS.has(name)));
    const answer = await users.use(() =>
      app.inject({
        method: request.method as 'GET', // A method of the supported operations. inject accepts them all.
        url: request.url,
        headers: { ...headers, ...extra, 'content-length': String(request.body.length) },
        payload: request.body,
      }),
    );
    // S3 errors are XML and SQS errors are below 500, so the web framework reports a thrown error, such as SQLite's.
    if (answer.statusCode >= 500 && String(answer.headers['content-type']).startsWith('application/json')) {
      throw new Error(`fauxqs answered ${answer.statusCode}: ${answer.body}`);
    }
    if (answer.statusCode >= 400 && isFrameworkError(answer.payload)) throw frameworkError(answer.statusCode);
    return { statusCode: answer.statusCode, headers: responseHeaders(answer.headers), body: answer.rawPayload };
  };
  const queueMetrics = new QueueMetrics(options.metrics);
  let stopping: Promise<void> | undefined;
  return {
    measureQueues() {
      stores.sqsStore.processAllTimers();
      for (const queue of stores.sqsStore.allQueues()) queueMetrics.measure(queue);
    },
    services: [
      s3Service(dispatch, { store: stores.s3Store, region: options.region }, options),
      sqsService(dispatch, options, queueMetrics),
      snsService((request, headers) => deliveries.run(request, () => dispatch(request, headers)), options.region),
    ],
    stop() {
      stopping ??= (async () => {
        stores.sqsStore.shutdown(); // Ends long polls.
        await users.end();
        await app.close();
        persistence.close();
      })();
      return stopping;
    },
  };
}

/** An error of the web framework, which is none of the API: `{"statusCode": 413, "code": "FST_ERR_…", …}`. */
function isFrameworkError(body: string): boolean {
  try {
    const error: unknown = JSON.parse(body);
    return isJsonObject(error) && typeof error.statusCode === 'number';
  } catch {
    return false;
  }
}

/** A request that is too large is the caller's error; anything else is a defect, since requests are checked before. */
function frameworkError(statusCode: number): Error {
  if (statusCode !== 413) return new Error(`fauxqs answered ${statusCode}`);
  return new AwsError('EntityTooLarge', 'The request body is larger than the operation allows.');
}

type Dispatch = (request: WireRequest, extra?: Record<string, string>) => Promise<WireResponse>;

function s3Service(dispatch: Dispatch, reads: BucketReads, { clock, meter, metrics }: ObjectsOptions): WireService {
  const requestMetrics = new S3RequestMetrics(metrics);
  return {
    signingName: 's3',
    targetPrefixes: [],
    operation: s3Operation,
    async handle({ operation, request: sent, context }) {
      const request = pathStyle(withMediaType(sent));
      checkTarget(request);
      checkDigests(request);
      const configured = requestMetrics.configure(operation, request);
      if (configured !== undefined) return xmlAnswer(configured, context.requestId);
      const startMs = clock.now();
      const read = Object.hasOwn(bucketReads, operation) ? bucketReads[operation] : undefined;
      const answer = read === undefined ? await dispatch(request) : xmlAnswer(read(reads, request), context.requestId);
      meterS3(operation, request, answer, meter.of(s3Target(request).bucket), payerOf(context));
      if (operation === 'DeleteBucket' && answer.statusCode < 300) requestMetrics.forget(s3Target(request).bucket);
      requestMetrics.count(operation, request, answer, clock.now() - startMs);
      return answer;
    },
    fail: s3Error,
  };
}

function xmlAnswer(body: Buffer, requestId: string): WireResponse {
  return { statusCode: 200, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId }, body };
}

function sqsService(dispatch: Dispatch, { region, meter }: ObjectsOptions, metrics: QueueMetrics): WireService {
  // The engine takes the region of ARNs from the signature. It must be the endpoint's, not the caller's.
  const authorization = unsignedAuthorization('local', region, 'sqs');
  return {
    signingName: 'sqs',
    targetPrefixes: sqsPrefixes,
    operation: (request) => targetOperation(request, sqsPrefixes),
    async handle({ operation, request, context }) {
      if (!sqsOperations.has(operation)) throw unsupportedOperation('sqs', operation);
      const input = parseJsonObject(request.body); // Throws for a body that is none.
      const { QueueUrl } = input;
      if (operation === 'CreateQueue') checkNewQueue(input);
      const answer = await dispatch(request, { authorization, 'content-type': 'application/x-amz-json-1.0' });
      if (MESSAGING.test(operation)) {
        const requests = unitsOf(request.body.length, SQS_REQUEST_BYTES);
        meter.of(String(QueueUrl)).add('sqsRequests', requests, payerOf(context));
        if (answer.statusCode === 200) metrics.count(operation, String(QueueUrl), answer.body);
      }
      return {
        statusCode: answer.statusCode,
        headers: { ...answer.headers, 'x-amzn-requestid': context.requestId },
        body:
          answer.statusCode === 200 ? rewriteQueueUrls(operation, answer.body, callerEndpoint(request)) : answer.body,
      };
    },
    fail: (error, _request, requestId) => jsonError('1.0', error, requestId),
  };
}

interface WriteTarget {
  readonly method: string;
  readonly url: string;
  readonly headers: { 'if-match'?: string; 'if-none-match'?: string };
  readonly params: unknown;
}

function checkConditionalWrite(request: WriteTarget, store: EtagSource): WireResponse | undefined {
  const { method, url, headers, params } = request;
  if (method !== 'PUT' && method !== 'POST') return undefined;
  if (headers['if-match'] === undefined && headers['if-none-match'] === undefined) return undefined;
  if (!isJsonObject(params) || typeof params.bucket !== 'string' || typeof params['*'] !== 'string') return undefined;
  try {
    checkWriteConditions(headers, etagOf(store, params.bucket, params['*']));
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return s3Error(error, { method, url, headers: {}, body: Buffer.alloc(0) }, '');
  }
}

interface EtagSource {
  headObject(bucket: string, key: string): { etag: string };
}

function etagOf(store: EtagSource, bucket: string, key: string): string | undefined {
  try {
    return store.headObject(bucket, key).etag;
  } catch {
    return undefined; // No such key or bucket. The write itself reports a missing bucket.
  }
}

function responseHeaders(
  headers: Readonly<Record<string, string | number | string[] | undefined>>,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return plain;
}
