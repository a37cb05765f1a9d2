import type { Intercept } from './gateway/wire.ts';
import { SourceWrites } from './pipes/source-writes.ts';

/** Operations that write nothing. Any other may have written, also when it failed. */
const READS = /^(BatchGet|Describe|Get|List|Query|Scan|Subscribe|TransactGet)/;

/** The writes to the streams of each engine, as far as they come through the endpoint. */
export interface StreamWrites {
  readonly kinesis: SourceWrites;
  readonly dynamodb: SourceWrites;
  /** To be the innermost: it is told of answers that are then lost. */
  readonly intercept: Intercept;
}

/**
 * Notes each call that writes to Kinesis or DynamoDB, when it has been answered. `whenLoaded` resolves when the stacks
 * are there. Default: they are.
 */
export function createStreamWrites(whenLoaded?: Promise<void>): StreamWrites {
  const [kinesis, dynamodb] = [new SourceWrites(whenLoaded), new SourceWrites(whenLoaded)];
  return {
    kinesis,
    dynamodb,
    async intercept({ service, operation }, forward) {
      try {
        return await forward();
      } finally {
        if (!READS.test(operation)) {
          if (service === 'kinesis') kinesis.note();
          if (service === 'dynamodb') dynamodb.note();
        }
      }
    },
  };
}
