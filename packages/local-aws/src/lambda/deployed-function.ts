import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { functionSession, type WorkerSession } from '../iam/worker-session.ts';
import type { LogDelivery } from '../logs/log-delivery.ts';
import { logEventBytes } from '../meter/log-event-bytes.ts';
import type { Meter, Payer } from '../meter/meter.ts';
import { unpackCode } from './code-archive.ts';
import type { FunctionDefinition } from './definition.ts';
import { functionEnvironment } from './environment.ts';
import type { FunctionFaults } from './faults.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { InvocationLog } from './invocation-log.ts';
import type { FunctionError } from './messages.ts';
import { Pool } from './pool.ts';
import type { Reaper } from './reaper.ts';
import { Sandbox } from './sandbox.ts';

/** Maximum concurrent invocations of one function; more wait. AWS allows a thousand by default. */
const concurrency = 4;

/**
 * Slightly more than 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the exact figure is
 * recalled.
 */
const responseBytes = 6_291_556;

/** The definition of a function and what it runs with. */
export interface DeployedFunctionOptions {
  definition: FunctionDefinition;
  /** The folder of this function's code, in folders by checksum. */
  folder: string;
  compileCacheFolder: string;
  clock: Clock;
  random: Random;
  reaper: Reaper;
  /** The endpoint for the SDK in the function. */
  endpoint: () => string | undefined;
  /** The access key id of a session of its role. */
  keyOf(session: WorkerSession): string;
  faults: FunctionFaults | undefined;
  meter: Meter;
  /** Where the function's output goes, as far as its role may write it. */
  logsOf(definition: FunctionDefinition): LogDelivery;
  metrics: FunctionMetrics;
}

/** The result of an invocation that reached the function. */
export interface InvocationResult {
  /** JSON text: the function's answer, or its error. */
  payload: string;
  isError: boolean;
  log: InvocationLog;
}

/** A function that is unpacked and can be invoked. */
export class DeployedFunction {
  readonly definition: FunctionDefinition;
  readonly codeSha256: string;
  /** Bytes of the uploaded package. */
  readonly codeBytes: number;
  readonly deployedMs: number;
  readonly #options: DeployedFunctionOptions;
  readonly #code: UnpackedCode;
  readonly #pool: Pool;
  readonly #logs: LogDelivery;
  /** What this one is in the place of, until its invocations have ended. */
  #predecessor: DeployedFunction | undefined;

  private constructor(options: DeployedFunctionOptions, code: UnpackedCode, predecessor?: DeployedFunction) {
    const { definition, clock, random } = options;
    const { folder: codeFolder } = code;
    this.definition = definition;
    this.codeSha256 = code.checksum.toString('base64');
    this.codeBytes = code.bytes;
    this.deployedMs = clock.now();
    this.#options = options;
    this.#logs = options.logsOf(definition);
    this.#code = code;
    this.#predecessor = predecessor;
    this.#pool = new Pool(() => {
      const logStream = `${new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${random.uuid().replaceAll('-', '')}`;
      return new Sandbox({
        folder: codeFolder,
        compileCacheFolder: options.compileCacheFolder,
        handler: definition.handler,
        takesCallbacks: definition.runtime !== 'nodejs24.x',
        environment: functionEnvironment(definition, {
          ...{ folder: codeFolder, logStream, endpoint: options.endpoint() },
          accessKeyId: options.keyOf(functionSession(definition)),
        }),
        memoryMb: definition.memoryMb,
        clock,
        reaper: options.reaper,
        logStream,
        log: (text) => this.#write(logStream, text),
      });
    }, concurrency);
  }

  /** Unpacks the code. Throws InvalidParameterValueException for an invalid package. */
  static async deploy(options: DeployedFunctionOptions, zip: Uint8Array): Promise<DeployedFunction> {
    await rm(options.folder, { recursive: true, force: true });
    return new DeployedFunction(options, await unpacked(zip, options.folder, 1));
  }

  /**
   * The function with another definition or other code; itself if nothing changes. Throws as `deploy`. Once it is the
   * one that is invoked, call its `retirePredecessor`.
   */
  async changed({ definition = this.definition, zip }: { definition?: FunctionDefinition; zip?: Uint8Array }) {
    const isSameCode = zip === undefined || sha256(zip).equals(this.#code.checksum);
    if (isSameCode && isDeepStrictEqual(definition, this.definition)) return this;
    const { folder } = this.#options;
    const code = isSameCode ? this.#code : await unpacked(zip, folder, this.#code.generation + 1);
    return new DeployedFunction({ ...this.#options, definition }, code, this);
  }

  /** Ends the environments of what this one is in the place of, each when its invocations have ended. */
  async retirePredecessor(): Promise<void> {
    const predecessor = this.#predecessor;
    if (predecessor === undefined) return;
    await predecessor.#retire({ keepsCode: predecessor.#code === this.#code });
    this.#predecessor = undefined;
  }

  async #retire({ keepsCode }: { keepsCode: boolean }): Promise<void> {
    await Promise.all([this.#pool.retire(), this.retirePredecessor()]);
    if (!keepsCode) await rm(this.#code.folder, { recursive: true, force: true });
  }

  /** The number of running and waiting invocations. */
  get invocations(): number {
    return this.#pool.invocations + (this.#predecessor?.invocations ?? 0);
  }

  /**
   * Invokes the function with `payload`, JSON text. A failure of the function is a result. Undefined if the function
   * was stopped meanwhile.
   */
  async invoke(
    payload: string,
    requestId: string,
    clientContext: string | undefined,
    payer: Payer,
  ): Promise<InvocationResult | undefined> {
    const { definition } = this;
    const { meter, metrics, clock } = this.#options;
    metrics.started(this.invocations + 1);
    const startMs = clock.now();
    let log: InvocationLog | undefined;
    const fault = this.#options.faults?.next(definition.name);
    const outcome = await this.#pool.invoke(
      {
        requestId,
        payload,
        clientContext,
        timeoutMs: fault?.kind === 'timeout' ? fault.timeoutMs : definition.timeoutSeconds * 1000,
        functionName: definition.name,
        functionArn: definition.arn,
        memoryMb: definition.memoryMb,
        logGroup: definition.logGroup,
        fault,
      },
      ({ logStream }) => {
        log = new InvocationLog(requestId, this.#options.clock, (entry) => {
          meter.add('functionLogBytes', logEventBytes(entry), payer);
          this.#write(logStream, entry);
        });
        return log.print;
      },
    );
    if (outcome === undefined || log === undefined) return undefined;
    const error = outcome.kind === 'result' ? tooLarge(outcome.payload) : outcome.error;
    const billedMs = log.end(error, definition.memoryMb);
    metrics.ended(error !== undefined, clock.now() - startMs);
    meter.add('lambdaRequests', 1, payer);
    meter.add('lambdaGigabyteSeconds', (billedMs / 1000) * (definition.memoryMb / 1024), payer);
    return {
      payload: error || outcome.kind !== 'result' ? JSON.stringify(error) : outcome.payload,
      isError: error !== undefined,
      log,
    };
  }

  #write(logStream: string, entry: string): void {
    const { clock } = this.#options;
    const message = entry.replace(/\n$/, '');
    if (message !== '') this.#logs.put(this.definition.logGroup, logStream, { timestampMs: clock.now(), message });
  }

  /** Ends all invocations and processes. */
  async stop(): Promise<void> {
    await Promise.all([this.#pool.stop(), this.#predecessor?.stop()]);
  }

  /** Ends all invocations and deletes the code. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#options.folder, { recursive: true, force: true });
  }
}

interface UnpackedCode {
  readonly folder: string;
  readonly checksum: Buffer;
  /** Of the package. */
  readonly bytes: number;
  /** 1 for the code that the function was created with. */
  readonly generation: number;
}

/** The folder of the first code is the same at each start, so that what is compiled of it is found again. */
async function unpacked(zip: Uint8Array, parent: string, generation: number): Promise<UnpackedCode> {
  const checksum = sha256(zip);
  const folder = join(parent, `${checksum.toString('hex')}${generation === 1 ? '' : `-${generation}`}`);
  await unpackCode(zip, folder);
  return { folder, checksum, bytes: zip.length, generation };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function tooLarge(payload: string): FunctionError | undefined {
  if (Buffer.byteLength(payload) <= responseBytes) return undefined;
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytes} bytes).`,
  };
}
