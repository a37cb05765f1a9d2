import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { elementName } from '../element.ts';
import { DeliveryFailure } from '../errors.ts';
import { type PathStep, parsePath, readPath } from '../template/path.ts';

/** A parameter of a target: one text for all records, or the path at which each event has its own. */
export type PathParameter = { readonly text: string } | { readonly name: string; readonly path: readonly PathStep[] };

/** A parameter that no record could be sent with. The service answers a ValidationException with its message. */
export class InvalidPathParameter extends Error {
  override readonly name = 'InvalidPathParameter';
}

/**
 * Parses `PartitionKey`, `MessageGroupId` or `MessageDeduplicationId`. A path must be the whole value
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html, "Dynamic path parameters").
 * Throws {@link InvalidPathParameter}.
 */
export function parsePathParameter(text: string): PathParameter {
  if (text === '') throw new InvalidPathParameter('it is empty');
  if (/^\$([.[]|$)/.test(text)) {
    const path = parsePath(text);
    if (path === undefined) throw new InvalidPathParameter(`${text} is not a path that Pipes can evaluate`);
    return { name: text, path };
  }
  if (/\$[.[]/.test(text))
    throw new InvalidPathParameter(`${text} has text beside a path, which must be the whole value`);
  return { text };
}

/** What a path has to give. */
export interface PathParameterKind {
  /** `partition key`, for messages. */
  readonly what: string;
  /** `InvalidPartitionKey` */
  readonly errorName: string;
  /** At least 1. */
  readonly maximumCharacters: number;
}

/**
 * The value of a parameter for one event. A number or a boolean becomes its JSON text. Throws {@link DeliveryFailure},
 * a customer error, when the event has no usable value at the path (docs/adr/0047). The message does not hold the
 * value.
 */
export function pathParameterOf(
  parameter: PathParameter,
  event: Json,
  number: number,
  { what, errorName, maximumCharacters }: PathParameterKind,
): string {
  if ('text' in parameter) return parameter.text;
  const value = readPath(event, parameter.path);
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text === 'string' && text !== '' && text.length <= maximumCharacters) return text;
  const why = whatIsWrong(text, maximumCharacters);
  throw new DeliveryFailure(
    'customer',
    errorName,
    `The path ${parameter.name} of the ${what} ${why}. ${elementName(event, number)}`,
    { service: 'pipes' },
  );
}

function whatIsWrong(value: Json | undefined, maximumCharacters: number): string {
  if (value === undefined) return 'does not exist in the event';
  if (value === '') return 'gives an empty text';
  if (typeof value === 'string') return `gives ${value.length} characters, more than ${maximumCharacters}`;
  return `gives ${value === null ? 'null' : isJsonObject(value) ? 'an object' : 'a list'} instead of a text`;
}
