import type { Json } from '@tweet-pipes/kit/json';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import { compileTemplate } from '@tweet-pipes/local-aws/pipes/template/input-template';
import { renderTemplate } from '@tweet-pipes/local-aws/pipes/template/render';
import { compactRecord } from '@tweet-pipes/producer/compact/compact-record';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import { examplePipe, examplePipeVariables } from '../example-pipe.ts';

/** The length of Kinesis' sequence numbers. */
const SEQUENCE_DIGITS = 56;

/**
 * Records of the sample as the producer writes them: tweets in many scripts with emoji, duplicates, delete notices and
 * malformed ones. From 61 on, every kind is there.
 */
export function samplePart(records: number, seed: number): StreamRecord[] {
  return [...sampleRecords({ records, seed })].map(compactRecord);
}

/** A tweet with a hashtag in a spelling that the workflow normalizes: the sample has none. The seed makes it new. */
export function spelledByMarks(seed: number): StreamRecord {
  const id = `spelled-${seed}`;
  const tweet = { id_str: id, text: 'made up', entities: { hashtags: [{ text: 'cafe\u0301' }] } };
  return { partitionKey: id, data: Buffer.from(JSON.stringify(tweet)) };
}

/** Makes the workflow's input of records: those of one shard, the first at position `first`. */
export type Deliver = (records: readonly StreamRecord[], first: number, shard?: number) => Json[];

/** Delivers records as a pipe with this input template does. */
export function deliverThrough(inputTemplate: string): Deliver {
  const template = compileTemplate(inputTemplate);
  return (records, first, shard = 0) =>
    records.map(({ data, partitionKey }, index) => {
      const { event, parsedEvent } = kinesisRecord(
        {
          Data: data,
          PartitionKey: partitionKey,
          SequenceNumber: `4966${String(first + index).padStart(SEQUENCE_DIGITS - 4, '0')}`,
          ApproximateArrivalTimestamp: new Date(),
        },
        `shardId-${String(shard).padStart(12, '0')}`,
        examplePipe,
      );
      return JSON.parse(renderTemplate(template, { raw: event, parsed: parsedEvent, variables: examplePipeVariables }));
    });
}
