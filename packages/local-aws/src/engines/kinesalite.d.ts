/**
 * Types of the used parts of kinesalite 3.3.3, which has none. The package has no `exports` map, so its folders are
 * public.
 */

declare module 'kinesalite/db/index.js' {
  import type { Readable } from 'node:stream';

  export interface Shard {
    ShardId: string;
    ParentShardId?: string;
    AdjacentParentShardId?: string;
    HashKeyRange: { StartingHashKey: string; EndingHashKey: string };
    SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string };
  }

  export interface StreamMeta {
    StreamName: string;
    StreamARN: string;
    /** Epoch seconds. */
    StreamCreationTimestamp: number;
    StreamStatus: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
    RetentionPeriodHours: number;
    Shards: Shard[];
    StreamModeDetails?: { StreamMode: string };
    _seqIx: unknown[];
    _tags: Record<string, string>;
    /** Ours: kinesalite has no consumers. It keeps members that it does not know. */
    _consumers?: StreamConsumer[];
  }

  export interface StreamConsumer {
    name: string;
    /** Epoch seconds. */
    createdAt: number;
    tags: Record<string, string>;
  }

  export interface StoredRecord {
    PartitionKey: string;
    /** Base64. */
    Data: string;
    /** Epoch seconds. */
    ApproximateArrivalTimestamp: number;
  }

  export interface RangeOptions {
    gt?: string;
    gte?: string;
    lt?: string;
    limit?: number;
    values?: boolean;
  }

  export interface SubLevel<Value> {
    get(key: string): Promise<Value>;
    put(key: string, value: Value): Promise<void>;
    del(key: string): Promise<void>;
    batch(operations: { type: 'del'; key: string }[], callback?: (error?: Error) => void): Promise<void>;
    /** Elements are `{key, value}`. */
    createReadStream(options?: RangeOptions): Readable;
    createKeyStream(options?: RangeOptions): Readable;
    createValueStream(options?: RangeOptions): Readable;
    lock(key: string, run: (release: (callback: () => void) => () => void) => void): void;
  }

  export interface Store {
    db: {
      open(): Promise<unknown>;
      close(): Promise<void>;
      approximateSize(start: string, end: string, callback: (error: Error | null, bytes: number) => void): void;
      compactRange(start: string, end: string, callback: (error: Error | null) => void): void;
      on(event: 'error', listener: (error: Error) => void): void;
    };
    metaDb: SubLevel<StreamMeta> & { awsRegion: string; awsAccountId: string };
    getStreamDb(name: string): SubLevel<StoredRecord>;
    deleteStreamDb(name: string, callback: (error?: Error) => void): void;
    /** Opens the files again, in the same object. The database must be closed. */
    recreate(): void;
  }

  /** `seqIx` is decimal and orders the records of a shard; absent from those of old versions. */
  export interface Sequence {
    shardCreateTime: number;
    seqIx?: string | number;
    byte1?: string;
    seqTime: number;
    shardIx: number;
    version?: number;
  }

  const db: {
    /** Of AES-256-CBC, which hides what is in an iterator. */
    ITERATOR_PWD_KEY: Buffer;
    ITERATOR_PWD_IV: Buffer;
    create(options: {
      path: string;
      createStreamMs: number;
      deleteStreamMs: number;
      updateStreamMs: number;
      shardLimit: number;
    }): Store;
    /** Times in milliseconds. Throws for a text that is no sequence number. */
    parseSequence(sequence: string): Sequence;
    /** Of what parseSequence gives. */
    stringifySequence(parts: Sequence): string;
    shardIxToHex(shardIndex: number): string;
    resolveShardId(shardId: string): { shardId: string; shardIx: number };
  };
  export default db;
}

declare module 'kinesalite/validations/index.js' {
  const validations: {
    /** Throws {@link KinesaliteRefusal}-shaped errors. */
    checkTypes(data: object, types: object): Record<string, unknown>;
    checkValidations(data: object, types: object, custom: unknown, operation: string): void;
  };
  export default validations;
}

declare module 'kinesalite/validations/*' {
  const validation: { types: Record<string, object>; custom?: unknown };
  export default validation;
}

declare module 'kinesalite/actions/*' {
  import type { Store } from 'kinesalite/db/index.js';

  const action: (
    store: Store,
    data: Record<string, unknown>,
    callback: (error: unknown, output?: Record<string, unknown>) => void,
  ) => void;
  export default action;
}
