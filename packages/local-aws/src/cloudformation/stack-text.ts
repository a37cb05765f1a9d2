import type { StackRecord } from './stack-record.ts';

/**
 * The text of a stack's file, see `stackFileSchema`. A write follows each change of a resource, so what has not changed
 * since the last one is not serialised again: resources and events are replaced, and never changed in place.
 */
export class StackText {
  readonly #record: StackRecord;
  readonly #parts = new WeakMap<object, Buffer>();
  #template = { of: '', bytes: jsonBytes('') };

  constructor(record: StackRecord) {
    this.#record = record;
  }

  /** The stack as it is now: a line for each resource and event, one for the template, and one for the rest. */
  bytes(): Buffer {
    const { resources, events, templateText, ...rest } = this.#record;
    if (this.#template.of !== templateText) this.#template = { of: templateText, bytes: jsonBytes(templateText) };
    return Buffer.concat([
      Buffer.from(JSON.stringify(rest).slice(0, -1)),
      ...[TEMPLATE, this.#template.bytes],
      ...[RESOURCES, ...[...resources.values()].flatMap((each, index) => this.#row(each, index))],
      ...[EVENTS, ...events.flatMap((each, index) => this.#row(each, index))],
      END,
    ]);
  }

  #row(part: object, index: number): Buffer[] {
    const bytes = this.#parts.get(part) ?? jsonBytes(part);
    this.#parts.set(part, bytes);
    return [index === 0 ? FIRST : NEXT, bytes];
  }
}

const TEMPLATE = Buffer.from(',\n"templateText":');
const RESOURCES = Buffer.from(',\n"resources":[');
const EVENTS = Buffer.from('\n],\n"events":[');
const END = Buffer.from('\n]}\n');
const FIRST = Buffer.from('\n');
const NEXT = Buffer.from(',\n');

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
