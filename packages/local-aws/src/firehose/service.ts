import { join } from 'node:path';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, RequestContext } from '../gateway/local-service.ts';
import { sessionLogs } from '../iam/session-logs.ts';
import {
  allowEverything,
  type ClientsOfSession,
  type DecideForSession,
  deliverySession,
  type WorkerSession,
} from '../iam/worker-session.ts';
import type { Part, Pending } from '../lifecycle.ts';
import type { LogDelivery } from '../logs/log-delivery.ts';
import { payerOf } from '../meter/meter.ts';
import type { StreamReader } from '../pipes/lowest-checkpoints.ts';
import type { SourceWrites } from '../pipes/source-writes.ts';
import { kinesisSource } from '../pipes/sources/kinesis-source.ts';
import type { StreamSource } from '../pipes/sources/source.ts';
import type { Problems } from '../problems.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { meterRecords } from './billing.ts';
import { ParquetProcess } from './conversion/parquet-process.ts';
import { tableSchema } from './conversion/table-schema.ts';
import {
  parseDestinationUpdate,
  parseStreamDefinition,
  type StreamDefinition,
  type StreamTag,
  updatedStream,
} from './definition.ts';
import { DeliveryStream } from './delivery-stream.ts';
import { DESTINATION_ID, type DescribedStream, describeStream, processorRole } from './describe.ts';
import { checkNaming } from './object-name.ts';
import { type PutInput, parsePutRecord, parsePutRecordBatch } from './put-input.ts';

/** Journals and checkpoints are kept in `<dataFolder>/firehose/<stream>/`. */
export interface FirehoseServiceOptions
  extends Pick<RuntimeContext, 'clock' | 'random' | 'dataFolder' | 'meter' | 'metrics' | 'region'> {
  /**
   * Clients for S3, Kinesis and Glue with the rights of a role. Called at each delivery, since the endpoint starts
   * after this service is created.
   */
  clients: ClientsOfSession;
  /** Client for functions, without retries of its own. Called at each invocation. */
  functions: (session: WorkerSession) => LambdaClient;
  /** Whether a delivery's role may write its errors to the log. Default: it may. */
  decide?: DecideForSession;
  /** Seconds, 0-900. Upper bound of IntervalInSeconds, so that objects appear within seconds. */
  maxBufferIntervalSeconds: number;
  /** The source of a delivery stream. Default: by the Kinesis client. */
  source?(source: NonNullable<StreamDefinition['source']>, definition: StreamDefinition): StreamSource;
  /** The writes to Kinesis streams. Default: not known, so sources are read more often. */
  writes?: SourceWrites;
  /** Where the errors of deliveries go that name a log stream. Default: nowhere. */
  logs?: LogDelivery;
  /** Where a delivery that fails for seconds is reported. Default: nowhere. */
  problems?: Problems;
}

interface Entry extends DescribedStream {
  stream: DeliveryStream;
}

const streamReference = z.looseObject({ DeliveryStreamName: z.string().min(1).max(64) });
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListTagsForDeliveryStream.html */
const tagsInput = z.strictObject({
  DeliveryStreamName: z.string().min(1).max(64),
  ExclusiveStartTagKey: z.string().optional(),
  Limit: z.int().min(1).max(50).default(50),
});
const tagKey = z.string().min(1).max(128);
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_TagDeliveryStream.html */
const tagInput = z.looseObject({
  Tags: z
    .array(z.strictObject({ Key: tagKey, Value: z.string().max(256).optional() }))
    .min(1)
    .max(50),
});
const untagInput = z.looseObject({ TagKeys: z.array(tagKey).min(1).max(50) });
const listInput = z.strictObject({
  Limit: z.int().min(1).max(10_000).default(10),
  DeliveryStreamType: z.string().optional(),
  ExclusiveStartDeliveryStreamName: z.string().optional(),
});

/** Amazon Data Firehose on one machine. docs/feature-support.md lists what it supports. */
export interface FirehoseService extends LocalService, Part {
  /** Lists every stream with records that are not in S3 yet. Reads each source. */
  pending(): Promise<Pending[]>;
  /** Tells the age of the oldest record of each stream. */
  measureAges(): void;
  /** The sources that are read, and the positions up to which their records are in S3. */
  readers(): StreamReader[];
}

/**
 * Amazon Data Firehose with S3 as its destination. Acknowledged records are on disk and reach the bucket, even after
 * `kill -9` (docs/adr/0006). So do the records of a Kinesis stream that is read (docs/adr/0041).
 */
export function createFirehoseService(options: FirehoseServiceOptions): FirehoseService {
  const sourceOf = (
    { KinesisStreamARN: arn, RoleARN: roleArn }: NonNullable<StreamDefinition['source']>,
    { name }: StreamDefinition,
  ) =>
    kinesisSource({
      ...{ arn, region: options.region, roleArn },
      client: () => options.clients(deliverySession(roleArn, name)).kinesis,
    });
  const parquet = new ParquetProcess(options.clock);
  const entries = new Map<string, Entry>();
  const creating = new Set<string>();

  const find = (name: string, context: RequestContext): Entry => {
    const entry = entries.get(name);
    if (entry === undefined) {
      throw new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${context.accountId} not found.`);
    }
    return entry;
  };

  const create = async (input: Record<string, unknown>, context: RequestContext): Promise<object> => {
    const definition = await parseStreamDefinition(input);
    const { name } = definition;
    checkNaming(definition.naming, name, options.clock.now(), options.random);
    if (entries.has(name) || creating.has(name)) {
      throw new AwsError(
        'ResourceInUseException',
        `Firehose ${name} under accountId ${context.accountId} already exists`,
      );
    }
    creating.add(name);
    try {
      const { source: _, decide = allowEverything, ...parts } = options;
      /** The session of a role of the stream as it is now. */
      const sessionOf = (role: (current: StreamDefinition) => string) =>
        deliverySession(role(entries.get(name)?.definition ?? definition), name);
      const session = () => sessionOf(({ destination }) => destination.RoleARN);
      const arn = `arn:aws:firehose:${context.region}:${context.accountId}:deliverystream/${name}`;
      const stream = await DeliveryStream.open({
        ...parts,
        ...(options.logs && {
          logs: sessionLogs(options.logs, {
            ...{ session, decide, createsStreams: false },
            ...{ region: context.region, accountId: context.accountId },
          }),
        }),
        meter: options.meter.of(name),
        definition,
        folder: join(options.dataFolder, 'firehose', name),
        s3: () => options.clients(session()).s3,
        schema: async (conversion) =>
          tableSchema((await options.clients(sessionOf(schemaRole)).lake()).glue, conversion, context),
        writeParquet: (job) => parquet.write(job),
        transformer: {
          lambda: () => options.functions(sessionOf(processorRole)),
          deliveryStreamArn: arn,
          sourceArn: definition.source?.KinesisStreamARN,
          region: context.region,
          clock: options.clock,
          random: options.random,
        },
        ...(definition.source && { source: (options.source ?? sourceOf)(definition.source, definition) }),
      }).catch((error: unknown) => {
        throw sourceError(definition, error);
      });
      entries.set(name, {
        stream,
        definition,
        arn,
        createdMs: options.clock.now(),
        deleting: undefined,
        deletionFailure: undefined,
      });
      return { DeliveryStreamARN: arn };
    } finally {
      creating.delete(name);
    }
  };

  const update = async (input: Record<string, unknown>, context: RequestContext): Promise<object> => {
    const { name, version, destinationId, update } = parseDestinationUpdate(input);
    const entry = find(name, context);
    const definition = await updatedStream(entry.definition, update);
    checkNaming(definition.naming, name, options.clock.now(), options.random);
    if (entry.deleting !== undefined) {
      throw new AwsError('ResourceInUseException', `Firehose ${name} is being deleted.`);
    }
    if (destinationId !== DESTINATION_ID) {
      throw new AwsError(
        'InvalidArgumentException',
        `DestinationId: ${name} has only the destination ${DESTINATION_ID}`,
      );
    }
    const { version: current } = entry.definition.naming;
    if (version !== String(current)) {
      throw new AwsError(
        'ConcurrentModificationException',
        'Another modification has already happened. Fetch VersionId again and use it to update the destination: ' +
          `it is ${current}.`,
      );
    }
    entry.stream.update(definition);
    entry.definition = definition;
    return {};
  };

  const retag = (
    input: Record<string, unknown>,
    context: RequestContext,
    change: (tags: StreamTag[]) => StreamTag[],
  ) => {
    const entry = find(streamName(input), context);
    entry.definition = { ...entry.definition, tags: change(entry.definition.tags) };
    return {};
  };

  const remove = async (input: Record<string, unknown>, context: RequestContext): Promise<object> => {
    const name = streamName(input);
    const entry = find(name, context);
    entry.deleting ??= entry.stream.drain().then(
      () => {
        entries.delete(name);
      },
      (error) => {
        entry.deletionFailure = error instanceof Error ? error.message : String(error);
      },
    );
    return {};
  };

  const put = async ({ name, records }: PutInput, context: RequestContext): Promise<string[]> => {
    const entry = find(name, context);
    if (entry.definition.source !== undefined) {
      throw new AwsError(
        'InvalidArgumentException',
        'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
      );
    }
    if (entry.deleting) throw new AwsError('ResourceNotFoundException', `Firehose ${name} is being deleted.`);
    await entry.stream.put(records);
    meterRecords(
      records.map((data) => ({ data })),
      options.meter.of(name),
      payerOf(context),
    );
    return records.map(() => options.random.uuid());
  };

  return {
    signingName: 'firehose',
    operations: {
      CreateDeliveryStream: create,
      UpdateDestination: update,
      TagDeliveryStream: async (input, context) => {
        const { Tags } = parsedInput(tagInput, input);
        const isOther = ({ Key }: StreamTag) => Tags.every((tag) => tag.Key !== Key);
        return retag(input, context, (tags) => [...tags.filter(isOther), ...Tags]);
      },
      UntagDeliveryStream: async (input, context) => {
        const { TagKeys } = parsedInput(untagInput, input);
        return retag(input, context, (tags) => tags.filter(({ Key }) => !TagKeys.includes(Key)));
      },
      DeleteDeliveryStream: remove,
      DescribeDeliveryStream: async (input, context) => {
        return { DeliveryStreamDescription: describeStream(find(streamName(input), context)) };
      },
      ListDeliveryStreams: async (input) => {
        const { Limit, DeliveryStreamType, ExclusiveStartDeliveryStreamName: after } = parsedInput(listInput, input);
        const ofType = [...entries.values()].filter(({ definition: { source } }) => {
          const type = source === undefined ? 'DirectPut' : 'KinesisStreamAsSource';
          return DeliveryStreamType === undefined || DeliveryStreamType === type;
        });
        const names = ofType
          .map(({ definition: { name } }) => name)
          .sort()
          .filter((name) => after === undefined || name > after);
        return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
      },
      ListTagsForDeliveryStream: async (input, context) => {
        const { DeliveryStreamName, ExclusiveStartTagKey: after, Limit } = parsedInput(tagsInput, input);
        const { tags } = find(DeliveryStreamName, context).definition;
        const start = tags.findIndex(({ Key }) => Key === after) + 1;
        return { Tags: tags.slice(start, start + Limit), HasMoreTags: tags.length > start + Limit };
      },
      PutRecord: async (input, context) => {
        const [recordId] = await put(parsePutRecord(input), context);
        return { RecordId: recordId, Encrypted: false };
      },
      PutRecordBatch: async (input, context) => {
        const recordIds = await put(parsePutRecordBatch(input), context);
        return { FailedPutCount: 0, Encrypted: false, RequestResponses: recordIds.map((RecordId) => ({ RecordId })) };
      },
    },
    pending: async () => (await Promise.all([...entries.values()].map(({ stream }) => stream.pending()))).flat(),
    measureAges() {
      for (const { stream } of entries.values()) stream.measureAge();
    },
    readers: () => [...entries.values()].flatMap(({ stream }) => stream.sourcePositions ?? []),
    start: async () => {},
    stop: async () => {
      const stopped = Promise.all([...entries.values()].map(({ stream }) => stream.stop()));
      parquet.stop();
      await stopped;
      await Promise.all([...entries.values()].map(({ deleting }) => deleting));
    },
  };
}

/** Glue is read with a role of its own, or with that of the delivery. */
function schemaRole({ conversion, destination }: StreamDefinition): string {
  return conversion?.SchemaConfiguration.RoleARN ?? destination.RoleARN;
}

/** A source that is missing is an error of the caller. What is wrong with the stream's own files stays as it is. */
function sourceError({ source }: StreamDefinition, error: unknown): unknown {
  if (source === undefined || !isNamed(error, 'ResourceNotFoundException')) return error;
  return new AwsError(
    'InvalidArgumentException',
    `KinesisStreamSourceConfiguration.KinesisStreamARN: ${sentence(error)}`,
  );
}

function streamName(input: Record<string, unknown>): string {
  return parsedInput(streamReference, input).DeliveryStreamName;
}

function parsedInput<T>(schema: z.ZodType<T>, input: Record<string, unknown>): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError('ValidationException', `${issue?.path.map(String).join('.')}: ${issue?.message}`);
}
