import { join } from 'node:path';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, RequestContext } from '../gateway/local-service.ts';
import type { Part, Pending } from '../lifecycle.ts';
import { payerOf, unitsOf } from '../meter/meter.ts';
import type { Problems } from '../problems.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { parseStreamDefinition } from './definition.ts';
import { DeliveryStream } from './delivery-stream.ts';
import { type DescribedStream, describeStream } from './describe.ts';
import { checkNaming } from './object-name.ts';
import { type PutInput, parsePutRecord, parsePutRecordBatch } from './put-input.ts';

/** Journals are kept in `<dataFolder>/firehose/<stream>/`. */
export interface FirehoseServiceOptions extends Pick<RuntimeContext, 'clock' | 'random' | 'dataFolder' | 'meter'> {
  /** Clients for PutObject. Called at each delivery, since the endpoint starts after this service is created. */
  clients: () => AwsClients;
  /** Seconds, 0-900. Upper bound of IntervalInSeconds, so that objects appear within seconds. */
  maxBufferIntervalSeconds: number;
  /** Where a delivery that fails for seconds is reported. Default: nowhere. */
  problems?: Problems;
}

/** Each record is billed in steps of 5 KB, https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const BILLING_STEP_BYTES = 5 * 1024;

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
const listInput = z.strictObject({
  Limit: z.int().min(1).max(10_000).default(10),
  DeliveryStreamType: z.string().optional(),
  ExclusiveStartDeliveryStreamName: z.string().optional(),
});

/**
 * Amazon Data Firehose with S3 as its destination. Acknowledged records are on disk and reach the bucket, even after
 * `kill -9` (docs/adr/0006). `pending()` lists every stream with records that are not in S3 yet.
 */
export function createFirehoseService(options: FirehoseServiceOptions): LocalService & Part & { pending(): Pending[] } {
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
      const stream = await DeliveryStream.open({
        ...options,
        definition,
        folder: join(options.dataFolder, 'firehose', name),
        s3: () => options.clients().s3,
      });
      const arn = `arn:aws:firehose:${context.region}:${context.accountId}:deliverystream/${name}`;
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
    if (entry.deleting) throw new AwsError('ResourceNotFoundException', `Firehose ${name} is being deleted.`);
    await entry.stream.put(records);
    const steps = records.reduce((sum, { length }) => sum + unitsOf(length, BILLING_STEP_BYTES), 0);
    options.meter.add('firehoseBytes', steps * BILLING_STEP_BYTES, payerOf(context));
    return records.map(() => options.random.uuid());
  };

  return {
    signingName: 'firehose',
    operations: {
      CreateDeliveryStream: create,
      DeleteDeliveryStream: remove,
      DescribeDeliveryStream: async (input, context) => {
        return { DeliveryStreamDescription: describeStream(find(streamName(input), context)) };
      },
      ListDeliveryStreams: async (input) => {
        const list = listInput.safeParse(input);
        if (!list.success) throw validationException(list.error);
        const { Limit, DeliveryStreamType, ExclusiveStartDeliveryStreamName: after } = list.data;
        const ofType =
          DeliveryStreamType === undefined || DeliveryStreamType === 'DirectPut' ? [...entries.keys()] : [];
        const names = ofType.sort().filter((name) => after === undefined || name > after);
        return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
      },
      ListTagsForDeliveryStream: async (input, context) => {
        const list = tagsInput.safeParse(input);
        if (!list.success) throw validationException(list.error);
        const { DeliveryStreamName, ExclusiveStartTagKey: after, Limit } = list.data;
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
    pending: () => [...entries.values()].flatMap(({ stream }) => stream.pending()),
    start: async () => {},
    stop: async () => {
      await Promise.all([...entries.values()].map(({ stream }) => stream.stop()));
      await Promise.all([...entries.values()].map(({ deleting }) => deleting));
    },
  };
}

function streamName(input: Record<string, unknown>): string {
  const parsed = streamReference.safeParse(input);
  if (!parsed.success) throw validationException(parsed.error);
  return parsed.data.DeliveryStreamName;
}

function validationException(error: z.ZodError): AwsError {
  const [issue] = error.issues;
  return new AwsError('ValidationException', `${issue?.path.map(String).join('.')}: ${issue?.message}`);
}
