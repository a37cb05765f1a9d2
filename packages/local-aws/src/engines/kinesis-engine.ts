import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STREAM_TYPE } from '../gateway/event-stream.ts';
import { type CborMembers, cborTranslation } from '../gateway/protocols/cbor.ts';
import { jsonError, jsonResponse, parseJsonObject, targetOperation } from '../gateway/protocols/json.ts';
import type { WireService } from '../gateway/wire.ts';
import { meterKinesis } from '../meter/kinesis-units.ts';
import { payerOf } from '../meter/meter.ts';
import type { Problems } from '../problems.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import type { Engine } from './engine.ts';
import { KinesisMetrics } from './kinesis-metrics.ts';
import { runKinesis } from './kinesis-operations.ts';
import { KinesisStore } from './kinesis-store.ts';
import { Subscriptions } from './kinesis-subscription.ts';
import { type Done, trimStream } from './kinesis-trim.ts';
import { expireRecords } from './kinesis-upkeep.ts';

const targetPrefixes = ['Kinesis_20131202'];

/** The engine's files are in `kinesis/` in the data folder. */
export interface KinesisOptions
  extends Pick<RuntimeContext, 'clock' | 'dataFolder' | 'region' | 'accountId' | 'meter' | 'metrics'> {
  /** Where files that cannot be written are reported. Default: nowhere. */
  problems?: Problems;
}

export interface KinesisEngine extends Engine {
  /**
   * Deletes the records older than their stream's retention and returns their number. Call it periodically: the engine
   * does it only for records that are read.
   */
  expire(): Promise<number>;
  /**
   * Deletes the oldest records that are done until the stream has its target size. Returns their number. Rejects when
   * the stream does not exist.
   */
  trim(done: Done): Promise<number>;
}

/**
 * Opens kinesalite, in process, on LevelDB. Rejects with {@link EngineError} when another process uses the folder or
 * its files are damaged.
 */
export async function startKinesis(options: KinesisOptions): Promise<KinesisEngine> {
  const path = join(options.dataFolder, 'kinesis');
  mkdirSync(path, { recursive: true });
  const { clock, region, accountId, problems } = options;
  const files = await KinesisStore.open({ path, clock, region, accountId, problems });
  let stopping: Promise<void> | undefined;
  return {
    services: [kinesisService(files, options)],
    expire: () => files.use(() => expireRecords(files.store, clock.now())),
    trim: (done) => files.use(() => trimStream(files.store, done)),
    stop() {
      stopping ??= files.close();
      return stopping;
    },
  };
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
const CBOR_MEMBERS: CborMembers = {
  blobs: new Set(['Data']),
  times: new Set(['ApproximateArrivalTimestamp', 'ConsumerCreationTimestamp', 'StreamCreationTimestamp', 'Timestamp']),
};

function kinesisService(files: KinesisStore, { clock, meter, metrics }: KinesisOptions): WireService {
  const counted = new KinesisMetrics(metrics);
  const context = { store: files.store, clock };
  const subscriptions = new Subscriptions(context, files);
  return {
    signingName: 'kinesis',
    targetPrefixes,
    operation: (request) => targetOperation(request, targetPrefixes),
    translate: (request) => cborTranslation(request, CBOR_MEMBERS),
    async handle({ operation, request, context: caller }) {
      const input = parseJsonObject(request.body);
      if (operation === 'SubscribeToShard') {
        const headers = { 'content-type': EVENT_STREAM_TYPE, 'x-amzn-requestid': caller.requestId };
        const events = await subscriptions.subscribe(input);
        return { statusCode: 200, headers, body: Buffer.alloc(0), events };
      }
      const startMs = clock.now();
      const output = await files.use(() => runKinesis(context, operation, input));
      const put = meterKinesis(operation, input, output, meter, payerOf(caller));
      if (put !== undefined) counted.count(operation, input, put, clock.now() - startMs);
      // An operation without output answers an empty body.
      const body = Object.keys(output).length === 0 ? '' : JSON.stringify(output);
      return jsonResponse('1.1', caller.requestId, body);
    },
    fail: (error, _request, requestId) => jsonError('1.1', error, requestId),
  };
}
