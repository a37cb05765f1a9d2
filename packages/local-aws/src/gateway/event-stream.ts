import { EventStreamCodec } from '@smithy/core/event-streams';
import type { WireEvent } from './wire.ts';

/** https://smithy.io/2.0/aws/amazon-eventstream.html */
export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(typeof bytes === 'string' ? bytes : bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** The frame of one event. */
export function encodeEvent({ type, isException = false, contentType, body }: WireEvent): Uint8Array {
  const header = (value: string) => ({ type: 'string' as const, value });
  return codec.encode({
    headers: {
      ':message-type': header(isException ? 'exception' : 'event'),
      [isException ? ':exception-type' : ':event-type']: header(type),
      ':content-type': header(contentType),
    },
    body,
  });
}
