import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import db, { type Store } from 'kinesalite/db/index.js';
import { EVENT_STREAM_TYPE } from '../gateway/event-stream.ts';
import { type CborMembers, cborTranslation } from '../gateway/protocols/cbor.ts';
import { jsonError, jsonResponse, parseJsonObject, targetOperation } from '../gateway/protocols/json.ts';
import type { WireService } from '../gateway/wire.ts';
import { meterKinesis } from '../meter/kinesis-units.ts';
import { payerOf } from '../meter/meter.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { type Engine, EngineError } from './engine.ts';
import { SHARD_LIMIT } from './kinesis-descriptions.ts';
import { runKinesis } from './kinesis-operations.ts';
import { Subscriptions } from './kinesis-subscription.ts';
import { type Done, trimStream } from './kinesis-trim.ts';
import { expireRecords, mendStreams } from './kinesis-upkeep.ts';
import { UseCount } from './use-count.ts';

const targetPrefixes = ['Kinesis_20131202'];

/** The engine's files are in `kinesis/` in the data folder. */
export type KinesisOptions = Pick<RuntimeContext, 'clock' | 'dataFolder' | 'region' | 'accountId' | 'meter'>;

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
  const store = db.create({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: SHARD_LIMIT });
  await openStore(store, path);
  store.metaDb.awsRegion = options.region;
  store.metaDb.awsAccountId = options.accountId;
  await mendStreams(store);
  const users = new UseCount();
  let stopping: Promise<void> | undefined;
  return {
    services: [kinesisService(store, options, users)],
    expire: () => users.use(() => expireRecords(store, options.clock.now())),
    trim: (done) => users.use(() => trimStream(store, done)),
    stop() {
      // A call on a closed LevelDB crashes the process, so close it after the last one.
      stopping ??= users.end().then(() => store.db.close());
      return stopping;
    },
  };
}

/** Opens LevelDB, which reports errors by an event only. */
function openStore(store: Store, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.db.on('error', (cause) => {
      const locked = /lock|already held|temporarily unavailable/i.test(cause.message);
      reject(
        new EngineError(
          locked
            ? `${path} is in use by another process. Stop that one, or choose another data folder with --data <folder>.`
            : `${path} cannot be opened: ${cause.message}. If its files are damaged, start with --fresh.`,
          { cause },
        ),
      );
    });
    store.db.open().then(() => resolve(), reject);
  });
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
const CBOR_MEMBERS: CborMembers = {
  blobs: new Set(['Data']),
  times: new Set(['ApproximateArrivalTimestamp', 'ConsumerCreationTimestamp', 'StreamCreationTimestamp', 'Timestamp']),
};

function kinesisService(store: Store, { clock, meter }: KinesisOptions, users: UseCount): WireService {
  const context = { store, clock };
  const subscriptions = new Subscriptions(context, users);
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
      const output = await users.use(() => runKinesis(context, operation, input));
      meterKinesis(operation, input, output, meter, payerOf(caller));
      // An operation without output answers an empty body.
      const body = Object.keys(output).length === 0 ? '' : JSON.stringify(output);
      return jsonResponse('1.1', caller.requestId, body);
    },
    fail: (error, _request, requestId) => jsonError('1.1', error, requestId),
  };
}
