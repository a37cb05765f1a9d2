import type { StreamMeta } from 'kinesalite/db/index.js';
import { z } from 'zod';
import { resourceNameOf } from './kinesis-arn.ts';
import { consumerArn, findConsumer } from './kinesis-consumers.ts';
import { changeStream, findStream, type KinesisOperation, textOf } from './kinesis-operation.ts';

type Tags = Readonly<Record<string, string>>;

const arnType = { type: 'String', notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2_048 };
const tagsSchema = z.record(z.string(), z.string());

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource: KinesisOperation = {
  types: { ResourceARN: arnType },
  async run({ store }, input) {
    const arn = textOf(input.ResourceARN) ?? '';
    const tags = tagsOf(await findStream(store, resourceNameOf(arn).streamName), arn);
    const keys = Object.keys(tags).sort();
    return { Tags: keys.map((Key) => ({ Key, Value: tags[Key] })) };
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html */
export const tagResource: KinesisOperation = {
  types: {
    ResourceARN: arnType,
    Tags: {
      type: 'Map',
      notNull: true,
      childKeyLengths: [1, 128],
      childValueLengths: [0, 256],
      children: { type: 'String' },
    },
  },
  async run({ store }, input) {
    const arn = textOf(input.ResourceARN) ?? '';
    const added = tagsSchema.parse(input.Tags);
    await changeStream(store, resourceNameOf(arn).streamName, (stream) =>
      withTags(stream, arn, { ...tagsOf(stream, arn), ...added }),
    );
    return {};
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html */
export const untagResource: KinesisOperation = {
  types: { ResourceARN: arnType, TagKeys: { type: 'List', notNull: true, children: { type: 'String' } } },
  async run({ store }, input) {
    const arn = textOf(input.ResourceARN) ?? '';
    const removed = z.array(z.string()).parse(input.TagKeys);
    await changeStream(store, resourceNameOf(arn).streamName, (stream) => {
      const left = Object.entries(tagsOf(stream, arn)).filter(([key]) => !removed.includes(key));
      return withTags(stream, arn, Object.fromEntries(left));
    });
    return {};
  },
};

function tagsOf(stream: StreamMeta, arn: string): Tags {
  return resourceNameOf(arn).isConsumer ? findConsumer(stream, arn).tags : stream._tags;
}

function withTags(stream: StreamMeta, arn: string, tags: Tags): StreamMeta {
  if (!resourceNameOf(arn).isConsumer) return { ...stream, _tags: { ...tags } };
  const consumers = (stream._consumers ?? []).map((consumer) =>
    consumerArn({ stream, consumer }) === arn ? { ...consumer, tags: { ...tags } } : consumer,
  );
  return { ...stream, _consumers: consumers };
}
