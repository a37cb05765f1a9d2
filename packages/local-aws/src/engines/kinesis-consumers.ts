import type { StreamConsumer, StreamMeta } from 'kinesalite/db/index.js';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import { resourceNameOf } from './kinesis-arn.ts';
import {
  changeStream,
  findStream,
  invalidArgument,
  type KinesisOperation,
  limitType,
  nameType,
  numberOf,
  textOf,
  tokenType,
} from './kinesis-operation.ts';
import { pageToken, readPageToken } from './page-token.ts';

/** https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const MOST_CONSUMERS = 20;
const LISTED_CONSUMERS = 100;

const arnType = { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2_048 };

/** A consumer and its stream. */
export interface FoundConsumer {
  readonly stream: StreamMeta;
  readonly consumer: StreamConsumer;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html */
export const registerStreamConsumer: KinesisOperation = {
  types: {
    StreamName: { ...nameType, notNull: true },
    ConsumerName: { ...nameType, notNull: true },
    Tags: { type: 'Map', children: { type: 'String' } },
  },
  async run({ store, clock }, input) {
    const name = textOf(input.ConsumerName) ?? '';
    const createdAt = Math.floor(clock.now() / 1_000);
    const consumer = { name, createdAt, tags: z.record(z.string(), z.string()).catch({}).parse(input.Tags) };
    const streamName = textOf(input.StreamName) ?? '';
    await changeStream(store, streamName, (stream) => {
      const consumers = stream._consumers ?? [];
      if (consumers.some((other) => other.name === name)) {
        throw new AwsError('ResourceInUseException', `Consumer ${name} of stream ${streamName} already exists.`);
      }
      if (consumers.length >= MOST_CONSUMERS) {
        throw new AwsError('LimitExceededException', `Stream ${streamName} has ${MOST_CONSUMERS} consumers already.`);
      }
      return { ...stream, _consumers: [...consumers, consumer] };
    });
    return { Consumer: describe({ stream: await findStream(store, streamName), consumer }) };
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamConsumer.html */
export const describeStreamConsumer: KinesisOperation = {
  types: { StreamName: nameType, ConsumerName: nameType, ConsumerARN: arnType },
  async run({ store }, input) {
    const { streamName, isWanted, what } = wantedConsumer(input);
    const stream = await findStream(store, streamName);
    const consumer = stream._consumers?.find((each) => isWanted(stream, each));
    if (consumer === undefined) throw notFound(what);
    return { ConsumerDescription: { ...describe({ stream, consumer }), StreamARN: stream.StreamARN } };
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html */
export const deregisterStreamConsumer: KinesisOperation = {
  types: describeStreamConsumer.types,
  async run({ store }, input) {
    const { streamName, isWanted, what } = wantedConsumer(input);
    await changeStream(store, streamName, (stream) => {
      const left = (stream._consumers ?? []).filter((each) => !isWanted(stream, each));
      if (left.length === (stream._consumers?.length ?? 0)) throw notFound(what);
      return { ...stream, _consumers: left };
    });
    return {};
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreamConsumers.html */
export const listStreamConsumers: KinesisOperation = {
  types: {
    StreamName: { ...nameType, notNull: true },
    NextToken: tokenType,
    MaxResults: limitType,
    StreamCreationTimestamp: { type: 'Timestamp' },
  },
  async run({ store, clock }, input) {
    const stream = await findStream(store, textOf(input.StreamName) ?? '');
    const token = textOf(input.NextToken);
    const after =
      token === undefined ? undefined : readPageToken('ListStreamConsumers', token, z.string(), clock.now());
    const consumers = (stream._consumers ?? [])
      .filter(({ name }) => after === undefined || name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = consumers.slice(0, numberOf(input.MaxResults) ?? LISTED_CONSUMERS);
    const last = page.at(-1)?.name;
    return {
      Consumers: page.map((consumer) => describe({ stream, consumer })),
      ...(page.length < consumers.length ? { NextToken: pageToken('ListStreamConsumers', last, clock.now()) } : {}),
    };
  },
};

/** The ARN of a consumer, which no other consumer of its name has. */
export function consumerArn({ stream, consumer }: FoundConsumer): string {
  return `${stream.StreamARN}/consumer/${consumer.name}:${consumer.createdAt}`;
}

/** Throws `ResourceNotFoundException` and `InvalidArgumentException`. */
export function findConsumer(stream: StreamMeta, arn: string): StreamConsumer {
  const consumer = stream._consumers?.find((each) => consumerArn({ stream, consumer: each }) === arn);
  if (consumer === undefined) throw notFound(arn);
  return consumer;
}

function wantedConsumer(input: Record<string, unknown>) {
  const [arn, streamName, name] = [input.ConsumerARN, input.StreamName, input.ConsumerName].map(textOf);
  if (arn !== undefined) {
    const isWanted = (stream: StreamMeta, consumer: StreamConsumer) => consumerArn({ stream, consumer }) === arn;
    return { streamName: resourceNameOf(arn).streamName, isWanted, what: arn };
  }
  if (streamName === undefined || name === undefined) {
    throw invalidArgument('Either ConsumerARN, or StreamARN and ConsumerName, must be provided.');
  }
  const isWanted = (_stream: StreamMeta, consumer: StreamConsumer) => consumer.name === name;
  return { streamName, isWanted, what: `${name} of stream ${streamName}` };
}

/** A consumer can be used at once; on AWS it is CREATING for some seconds. */
function describe(found: FoundConsumer): Record<string, unknown> {
  return {
    ConsumerName: found.consumer.name,
    ConsumerARN: consumerArn(found),
    ConsumerStatus: 'ACTIVE',
    ConsumerCreationTimestamp: found.consumer.createdAt,
  };
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Consumer ${what} does not exist.`);
}
