import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { elementName } from '../element.ts';
import { DeliveryFailure } from '../errors.ts';
import { type PathStep, parsePath, readPath } from '../template/path.ts';

/**
 * Limit in characters, https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html. The
 * least is 1.
 */
const maximumCharacters = 256;

/** The PartitionKey of a pipe's target: one text for all records, or the path at which each event has its own. */
export type PartitionKey = { readonly text: string } | { readonly name: string; readonly path: readonly PathStep[] };

/** A PartitionKey that no record could be sent with. The service answers a ValidationException with its message. */
export class InvalidPartitionKey extends Error {
  override readonly name = 'InvalidPartitionKey';
}

/**
 * Parses `TargetParameters.KinesisStreamParameters.PartitionKey`. A path must be the whole value
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html, "Dynamic path parameters").
 * Throws {@link InvalidPartitionKey}.
 */
export function parsePartitionKey(text: string): PartitionKey {
  if (text === '') throw new InvalidPartitionKey('it is empty');
  if (/^\$([.[]|$)/.test(text)) {
    const path = parsePath(text);
    if (path === undefined) throw new InvalidPartitionKey(`${text} is not a path that Pipes can evaluate`);
    return { name: text, path };
  }
  if (/\$[.[]/.test(text))
    throw new InvalidPartitionKey(`${text} has text beside a path, which must be the whole value`);
  return { text };
}

/**
 * The partition key of one event. A number or a boolean becomes its JSON text. Throws {@link DeliveryFailure}, a
 * customer error, when the event has no usable value at the path (docs/adr/0047). The message does not hold the value.
 */
export function partitionKeyOf(key: PartitionKey, event: Json, number: number): string {
  if ('text' in key) return key.text;
  const value = readPath(event, key.path);
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text === 'string' && text !== '' && text.length <= maximumCharacters) return text;
  throw new DeliveryFailure(
    'customer',
    'InvalidPartitionKey',
    `The path ${key.name} of the partition key ${whatIsWrong(text)}. ${elementName(event, number)}`,
    { service: 'pipes' },
  );
}

function whatIsWrong(value: Json | undefined): string {
  if (value === undefined) return 'does not exist in the event';
  if (value === '') return 'gives an empty text';
  if (typeof value === 'string') return `gives ${value.length} characters, more than ${maximumCharacters}`;
  return `gives ${value === null ? 'null' : isJsonObject(value) ? 'an object' : 'a list'} instead of a text`;
}
