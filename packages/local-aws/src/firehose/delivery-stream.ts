import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { S3Client } from '@aws-sdk/client-s3';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { MetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Pending } from '../lifecycle.ts';
import { type LogDelivery, noLogDelivery } from '../logs/log-delivery.ts';
import type { Meter } from '../meter/meter.ts';
import type { StreamReader } from '../pipes/lowest-checkpoints.ts';
import { countReads } from '../pipes/read-metrics.ts';
import type { SourceWrites } from '../pipes/source-writes.ts';
import type { StreamSource } from '../pipes/sources/source.ts';
import type { Problems } from '../problems.ts';
import { meterRecords } from './billing.ts';
import type { ConversionPlan, WriteParquet } from './conversion/conversion.ts';
import type { FormatConversion, StreamDefinition } from './definition.ts';
import { DeliveryMetrics } from './delivery-metrics.ts';
import { type DeliveryError, logDeliveryError } from './error-log.ts';
import { Journal, type NewRecord } from './journal.ts';
import { JournalDelivery } from './journal-delivery.ts';
import { type BuiltObject, removeObjects } from './object-file.ts';
import { objectKey } from './object-name.ts';
import type { ErrorType } from './prefix.ts';
import { buildObjects, type ObjectPlan, parsePlan, putObject } from './s3-object.ts';
import { SourceReader } from './source-reader.ts';
import { type Transformed, type TransformerOptions, transform } from './transformation.ts';

/** Objects that wait for S3 above which the source is not read, so that an outage does not fill the disk. */
const WAITING_OBJECTS = 2;

/** What a delivery stream needs. */
export interface DeliveryStreamOptions {
  definition: StreamDefinition;
  /** Holds this stream's journals, the checkpoint of its source, and nothing else. */
  folder: string;
  s3: () => S3Client;
  /** Calls the function of the definition, if it has one. */
  transformer: TransformerOptions;
  /** The columns of the table that a conversion names. Called for each object. Rejects when it cannot be read now. */
  schema(conversion: FormatConversion): Promise<Pick<ConversionPlan, 'columns' | 'failure' | 'table'>>;
  writeParquet: WriteParquet;
  clock: Clock;
  random: Random;
  /** Upper bound of the buffer interval, so that objects appear within seconds. */
  maxBufferIntervalSeconds: number;
  /** The Kinesis stream that is read, if the definition names one. */
  source?: StreamSource;
  /** The writes to Kinesis streams. Undefined where they are not known. */
  writes?: SourceWrites;
  /** Counts what is read. What is put is counted by the service. */
  meter: Meter;
  /** Where errors go, if the definition names a log stream. Default: nowhere. */
  logs?: LogDelivery;
  /** Where its metrics go. Default: nowhere. */
  metrics?: MetricDelivery;
  /** Where a delivery that fails for seconds is reported. Default: nowhere. */
  problems?: Problems;
}

/**
 * Buffers acknowledged records in journals. A journal becomes an S3 object when it reaches the buffer size or its first
 * record the buffer interval (docs/adr/0006). After a crash at any moment, the next process continues from the
 * journals.
 */
export class DeliveryStream {
  #definition: StreamDefinition;
  readonly #options: DeliveryStreamOptions;
  readonly #delivery: JournalDelivery;
  readonly #metrics: DeliveryMetrics;
  readonly #stop = new AbortController();
  #active: { journal: Journal; full: AbortController } | undefined;
  #nextNumber = 1;
  #reader: SourceReader | undefined;
  /**
   * The delivery of the first journal: the definition that it is by, and the objects, once they are built. Another
   * attempt to put them does not call a function again.
   */
  #attempted: { by: StreamDefinition; objects?: readonly BuiltObject[] } | undefined;

  private constructor(options: DeliveryStreamOptions) {
    this.#definition = options.definition;
    this.#options = options;
    this.#metrics = new DeliveryMetrics(options.definition.name, options.clock, options.metrics);
    this.#delivery = new JournalDelivery({
      ...options,
      deliver: (journal, signal) => this.#deliver(journal, signal),
      onProblem: (problem) => this.#report(problem),
      onFailure: (error) => this.#log(storageError(error)),
    });
  }

  /**
   * Opens the stream, delivers the journals of an earlier process and starts to read its source. Throws JournalCorrupt
   * and CheckpointCorrupted, which name the file and a remedy, and the errors of a source that cannot be read.
   */
  static async open(options: DeliveryStreamOptions): Promise<DeliveryStream> {
    const stream = new DeliveryStream(options);
    await mkdir(options.folder, { recursive: true });
    const names = (await readdir(options.folder)).sort();
    for (const name of names.filter((name) => name.endsWith('.object'))) await rm(join(options.folder, name));
    const left: Journal[] = [];
    for (const name of names.filter((name) => /^\d+\.journal$/.test(name))) {
      stream.#nextNumber = Number.parseInt(name, 10) + 1;
      const journal = await Journal.recover(join(options.folder, name), options.clock);
      if (journal !== undefined) left.push(journal);
    }
    stream.#reader = await stream.#openReader(left);
    for (const journal of left) stream.#delivery.add(journal);
    try {
      await stream.#reader?.start();
      return stream;
    } catch (error) {
      await stream.stop();
      throw error;
    }
  }

  /** As it was created or last updated. */
  get definition(): StreamDefinition {
    return this.#definition;
  }

  /**
   * Changes the destination. What is buffered goes to it too, and so does an object that could not be put to the old
   * one: its next attempt has a new key. The interval is that of the buffer after the one that is open.
   */
  update(definition: StreamDefinition): void {
    this.#definition = definition;
  }

  /** Resolves when the records are on disk. Throws ServiceUnavailableException when none was accepted. Retryable. */
  async put(records: readonly Uint8Array[]): Promise<void> {
    await this.#append(records.map((data) => ({ data })));
    this.#metrics.incoming(records);
  }

  async #append(records: readonly NewRecord[]): Promise<void> {
    if (this.#stop.signal.aborted) throw serviceUnavailable('it is stopping');
    this.#active ??= this.#openJournal();
    const { journal } = this.#active;
    try {
      await journal.append(records);
    } catch (error) {
      throw serviceUnavailable(`its journal cannot be written: ${error instanceof Error ? error.message : error}`);
    }
    if (journal.dataBytes >= this.definition.bufferBytes) this.#seal(journal);
  }

  /** The source and the positions in it up to which records are in S3. Undefined without a source. */
  get sourcePositions(): StreamReader | undefined {
    const reader = this.#reader;
    return reader && { sourceArn: reader.sourceArn, positions: reader.positions };
  }

  /** Tells the age of the oldest record that is not in S3, if there is one. */
  measureAge(): void {
    const journals = [...this.#delivery.journals, ...(this.#active === undefined ? [] : [this.#active.journal])];
    const arrivals = journals.flatMap(({ oldestArrivalMs }) => oldestArrivalMs ?? []);
    if (arrivals.length > 0) this.#metrics.age(Math.min(...arrivals));
  }

  /** The records that are in the source or acknowledged, and not yet in S3. Reads the source. */
  async pending(): Promise<Pending[]> {
    // The source first: what is read meanwhile is found in the journals.
    return [...((await this.#reader?.pending()) ?? []), ...this.#undelivered()];
  }

  #undelivered(): Pending[] {
    const what = `delivery stream ${this.definition.name}`;
    const waiting = this.#delivery.journals;
    const trouble = this.#delivery.trouble;
    return [
      ...(this.#active ? [{ what, detail: `records in its buffer: ${this.#active.journal.records}` }] : []),
      ...(waiting.length > 0
        ? [{ what, detail: `objects to put: ${waiting.length}${trouble ? `, ${trouble}` : ''}` }]
        : []),
    ];
  }

  /**
   * Stops reading and delivers every acknowledged record, without a time limit, then removes the folder. Resolves early
   * when the stream is stopped.
   */
  async drain(): Promise<void> {
    await this.#reader?.stop();
    if (this.#active) this.#seal(this.#active.journal);
    await this.#delivery.done();
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  /** Stops deliveries. Records that are not delivered stay on disk. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // At once: the reader may wait for a delivery.
    await Promise.all([this.#reader?.stop(), this.#delivery.stop()]);
    await this.#active?.journal.close();
  }

  async #openReader(left: readonly Journal[]): Promise<SourceReader | undefined> {
    const { source, folder, clock, random, meter, metrics, writes, problems } = this.#options;
    if (source === undefined) return undefined;
    return SourceReader.open({
      what: `delivery stream ${this.definition.name}`,
      source,
      checkpointFile: join(folder, 'checkpoint.json'),
      journalled: left.map(({ positions }) => positions),
      append: async (records, signal) => {
        await this.#delivery.whenBelow(WAITING_OBJECTS, signal);
        await this.#append(records);
        meterRecords(records, meter);
        this.#metrics.taken(records);
      },
      clock,
      random,
      meter,
      metrics: { countRead: countReads(source.arn, clock, metrics), delivery: this.#metrics },
      ...(writes && { writes }),
      ...(problems && { problems }),
    });
  }

  #report(why: string | undefined): void {
    const { problems, definition } = this.#options;
    const what = `delivery stream ${definition.name}`;
    if (why === undefined) problems?.end(what);
    else problems?.report({ what, why, do: 'It tries again until it can. Nothing is lost.' });
  }

  #log(error: DeliveryError): void {
    const { logs = noLogDelivery, transformer, clock } = this.#options;
    const { deliveryStreamArn } = transformer;
    logDeliveryError(logs, this.definition, error, { deliveryStreamArn, nowMs: clock.now() });
  }

  #openJournal(): { journal: Journal; full: AbortController } {
    const { folder, clock, maxBufferIntervalSeconds } = this.#options;
    const journal = new Journal(join(folder, `${String(this.#nextNumber).padStart(8, '0')}.journal`), clock);
    this.#nextNumber += 1;
    const full = new AbortController();
    const intervalSeconds = Math.min(this.definition.bufferIntervalSeconds, maxBufferIntervalSeconds);
    void clock.sleep(intervalSeconds * 1000, AbortSignal.any([full.signal, this.#stop.signal])).then(() => {
      if (!this.#stop.signal.aborted) this.#seal(journal);
    });
    return { journal, full };
  }

  #seal(journal: Journal): void {
    if (this.#active?.journal !== journal) return;
    this.#active.full.abort();
    this.#active = undefined;
    this.#delivery.add(journal);
  }

  async #deliver(journal: Journal, signal: AbortSignal): Promise<void> {
    await journal.close();
    if (journal.oldestArrivalMs !== undefined) {
      const { definition } = this;
      const isByOther = this.#attempted !== undefined && this.#attempted.by !== definition;
      if (isByOther || journal.plan === undefined) {
        await journal.writePlan(JSON.stringify(await this.#planObject(journal.oldestArrivalMs)));
        await journal.close();
      }
      if (isByOther) await this.#forgetAttempt();
      this.#attempted ??= { by: definition };
      const plan = parsePlan(journal.plan ?? '');
      this.#attempted.objects ??= await this.#build(journal, plan, signal);
      for (const object of this.#attempted.objects) {
        await putObject(this.#options.s3(), plan.bucket, object, signal).catch((error: unknown) => {
          this.#metrics.notDelivered();
          throw error;
        });
        this.#metrics.delivered();
        this.#options.meter.add('s3DeliveredObjects', 1);
      }
      await this.#reader?.delivered(journal.positions);
      this.#metrics.done(journal.records, journal.dataBytes, journal.oldestArrivalMs);
    }
    await journal.remove();
    await this.#forgetAttempt();
  }

  async #forgetAttempt(): Promise<void> {
    await removeObjects(this.#attempted?.objects ?? []);
    this.#attempted = undefined;
  }

  async #build(journal: Journal, plan: ObjectPlan, signal: AbortSignal): Promise<BuiltObject[]> {
    const { transformer, writeParquet, clock, meter } = this.#options;
    const objects = await buildObjects(journal, plan, {
      transform: async (records, by) => {
        const outcomes = await transform(records, by, transformer, signal);
        for (const error of transformationErrors(outcomes, by.lambdaArn)) this.#log(error);
        return outcomes;
      },
      writeParquet,
      now: () => clock.now(),
    });
    if (plan.conversion !== undefined) {
      for await (const record of journal.read()) meterRecords([record], meter, 'stack', 'firehoseConvertedBytes');
    }
    return objects;
  }

  async #planObject(oldestArrivalMs: number): Promise<ObjectPlan> {
    const { bucket, compression, delimiter, naming, name, transformation, conversion } = this.definition;
    const { random, schema } = this.#options;
    const keyOf = (errorType?: ErrorType) => objectKey(naming, name, oldestArrivalMs, random, errorType);
    return {
      ...{ bucket, compression, delimiter, key: keyOf() },
      ...(transformation && { transformation: { ...transformation, errorKey: keyOf('processing-failed') } }),
      ...(conversion && {
        conversion: {
          ...(await schema(conversion)),
          serde: serdeOf(conversion),
          compression: conversion.OutputFormatConfiguration.Serializer.ParquetSerDe.Compression,
          errorKey: keyOf('format-conversion-failed'),
        },
      }),
    };
  }
}

function serdeOf({ InputFormatConfiguration: { Deserializer: given } }: FormatConversion): ConversionPlan['serde'] {
  if (given.OpenXJsonSerDe === undefined) return { kind: 'hive', ignoresCase: true };
  return { kind: 'openx', ignoresCase: given.OpenXJsonSerDe.CaseInsensitive !== false };
}

/** The error of an attempt to put an object. */
function storageError(error: unknown): DeliveryError {
  const name = error instanceof Error ? error.name : 'UnknownError';
  return { errorCode: `S3.${name}`, message: sentence(error) };
}

/** One error for each kind of failure of an invocation. */
function transformationErrors(outcomes: readonly Transformed[], processor: string): DeliveryError[] {
  const byCode = new Map<string, DeliveryError>();
  for (const outcome of outcomes) {
    if (outcome.result !== 'failed') continue;
    const { errorCode, errorMessage: message } = outcome;
    byCode.set(errorCode, { errorCode, message, processor });
  }
  return [...byCode.values()];
}

function serviceUnavailable(problem: string): AwsError {
  return new AwsError(
    'ServiceUnavailableException',
    `The delivery stream cannot take records: ${problem}. Nothing was accepted; try again.`,
    {
      statusCode: 503,
    },
  );
}
