import type { StreamRecord } from './record.ts';

/** What became of a record of a call: `landed` says where it is, else it may be sent again. */
export type PutResult<L extends object> = { landed: L } | { reason: string; isThrottled: boolean };

/** Where records go. */
export interface Sink<L extends object, R extends StreamRecord = StreamRecord> {
  /** `stream` or `table`, in messages. */
  kind: string;
  name: string;
  /** One call: a result for each record, in their order. Throws the SDK's error when the call had none. */
  put(records: readonly R[]): Promise<readonly PutResult<L>[]>;
}
