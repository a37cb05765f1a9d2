import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../runtime-context.ts';
import { DynamoDbMetrics } from './dynamodb-metrics.ts';
import { dynamoDbService } from './dynamodb-service.ts';
import { findDynoxide } from './dynoxide-binary.ts';
import { type DynoxideFile, openDynoxideFile, type TrimOptions } from './dynoxide-file.ts';
import { type Engine, EngineError } from './engine.ts';
import { engineAddresses } from './engine-address.ts';
import { freePort } from './free-port.ts';
import { createForward } from './http-forward.ts';
import { startWatchedChild, type WatchedChild } from './watched-child.ts';

/** The engine starts in 20 ms. It hangs without output when its second port is taken. */
const START_LIMIT_MS = 10_000;
/** Pause after a sweep, as a multiple of the sweep's duration. */
const SWEEP_PAUSE = 9;

/**
 * The engine's file is `dynamodb.sqlite` in the data folder. The engine does not notice a second process on the same
 * file.
 */
export interface DynamoDbOptions
  extends Pick<RuntimeContext, 'clock' | 'dataFolder' | 'random' | 'region' | 'meter' | 'metrics'> {
  /** Called when the engine ends by itself. Every later call fails. Default: none. */
  onExit?(error: EngineError): void;
  /** Default `process.env`: PATH and DYNAMODB_ENDPOINT. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * DynamoDB with the operations that the runtime needs beyond the API. With DYNAMODB_ENDPOINT these do nothing: the
 * user's server manages its streams and its TTL.
 */
export interface DynamoDbEngine extends Engine {
  /** It is the user's server at DYNAMODB_ENDPOINT, to which others may write. */
  readonly isExternal: boolean;
  /** Creates the index that keeps writes to tables with a stream fast. Also runs at start. Idempotent. */
  indexStreams(): void;
  /**
   * Deletes the records of a table's stream with a sequence number below `belowSequence` (decimal), always keeping the
   * newest one. Returns their number. The caller ensures that every pipe's checkpoint is at or above it. Ranges to
   * `keep` stay, inclusive.
   */
  trimStreams(options: TrimOptions): number;
  /**
   * Removes items whose TTL has passed, as AWS does within days. Their REMOVE records name the TTL as the cause. A
   * sweep scans every item and blocks the engine (4 s for 300,000 items), so it runs only when an item is due, and at
   * most a tenth of the time. Resolves to whether it ran. Rejects with {@link EngineError}.
   */
  sweepTtl(): Promise<boolean>;
}

/**
 * Starts dynoxide on a SQLite file, or connects to DYNAMODB_ENDPOINT. The engine's process ends with this one, even
 * after `kill -9`. Rejects with {@link EngineError}: no engine for this platform, or a damaged file.
 */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDbEngine> {
  const environment = options.environment ?? process.env;
  const external = environment.DYNAMODB_ENDPOINT;
  if (external !== undefined && external !== '') return connectTo(external, options);

  const binary = findDynoxide(environment);
  mkdirSync(options.dataFolder, { recursive: true });
  const path = join(options.dataFolder, 'dynamodb.sqlite');
  const { child, url, toolUrl, token } = await startServer(binary, path, options);
  let file: DynoxideFile;
  try {
    file = openDynoxideFile(path);
    file.indexStreams();
  } catch (cause) {
    await child.stop();
    throw new EngineError(
      `${path} cannot be prepared: ${String(cause)}. Start with --fresh to begin with an empty one.`,
      { cause },
    );
  }
  const metrics = new DynamoDbMetrics(options.metrics);
  let nextSweepMs = 0;
  let stopping: Promise<void> | undefined;
  void child.ended.then((code) => {
    if (stopping !== undefined) return;
    options.onExit?.(
      new EngineError(`The DynamoDB engine ended by itself (exit code ${code}): ${child.output().trim()}`),
    );
  });
  const forward = createForward(url);
  const tools = createForward(toolUrl);
  return {
    isExternal: false,
    services: [
      dynamoDbService(
        { forward, isExternal: false, dropEndedStream: (table) => file.dropEndedStream(table) },
        options,
        metrics,
      ),
    ],
    indexStreams: () => file.indexStreams(),
    trimStreams: (range) => file.trimStreams(range),
    async sweepTtl() {
      const startMs = options.clock.now();
      if (startMs < nextSweepMs) return false;
      const before = file.expired(startMs / 1000);
      if (before.size === 0) return false;
      const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sweep_ttl","arguments":{}}}';
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      const answer = await tools.post(headers, Buffer.from(body)).catch((cause: unknown) => {
        throw new EngineError('The DynamoDB engine did not answer the request to sweep expired items.', { cause });
      });
      const text = answer.body.toString('utf8');
      if (answer.statusCode !== 200 || /"isError":true|"error":/.test(text)) {
        throw new EngineError(`The DynamoDB engine did not sweep expired items (${answer.statusCode}): ${text.trim()}`);
      }
      const left = file.expired(startMs / 1000);
      for (const [table, items] of before) metrics.expired(table, items - (left.get(table) ?? 0));
      const endMs = options.clock.now();
      nextSweepMs = endMs + SWEEP_PAUSE * (endMs - startMs);
      return true;
    },
    stop() {
      stopping ??= (async () => {
        forward.close();
        tools.close();
        file.close();
        await child.stop();
      })();
      return stopping;
    },
  };
}

function connectTo(endpoint: string, options: DynamoDbOptions): DynamoDbEngine {
  if (!URL.canParse(endpoint)) {
    throw new EngineError(
      `DYNAMODB_ENDPOINT is not a URL: ${endpoint}. Expected something like http://127.0.0.1:8000.`,
    );
  }
  const forward = createForward(new URL(endpoint));
  return {
    isExternal: true,
    services: [dynamoDbService({ forward, isExternal: true }, options, new DynamoDbMetrics(options.metrics))],
    indexStreams: () => {},
    trimStreams: () => 0,
    sweepTtl: async () => false,
    stop: async () => forward.close(),
  };
}

interface Server {
  child: WatchedChild;
  url: URL;
  /** Where the engine takes the request to sweep expired items. It demands the token and refuses web pages. */
  toolUrl: URL;
  token: string;
}

/** Tries one address after the other while they are in use. */
async function startServer(binary: string, path: string, { random, clock }: DynamoDbOptions): Promise<Server> {
  const token = random.uuid();
  let output = '';
  let cause: unknown;
  for (const { host, port } of engineAddresses(random, process.platform)) {
    const toolPort = await freePort();
    const child = startWatchedChild(
      binary,
      [
        ...['serve', '--host', host, '--port', String(port), '--db-path', path],
        ...['--mcp', '--mcp-host', '127.0.0.1', '--mcp-port', String(toolPort)],
      ],
      // Every user of the machine can read a program's arguments, only its own user its environment.
      { DYNOXIDE_MCP_AUTH_TOKEN: token },
    );
    const url = new URL(`http://${host}:${port}/`);
    const toolUrl = new URL(`http://127.0.0.1:${toolPort}/mcp`);
    const waiting = new AbortController();
    try {
      await Promise.race([
        whenReady(child, url, toolUrl),
        clock.sleep(START_LIMIT_MS, waiting.signal).then(() => Promise.reject(new EngineError('It took too long.'))),
      ]);
      return { child, url, toolUrl, token };
    } catch (error) {
      await child.stop();
      [output, cause] = [child.output().trim(), error];
      if (!/in use/i.test(output)) break;
    } finally {
      waiting.abort();
    }
  }
  throw new EngineError(
    `The DynamoDB engine did not start on ${path}: ${output}. If the file is damaged, start with --fresh.`,
    { cause },
  );
}

async function whenReady(child: WatchedChild, url: URL, toolUrl: URL): Promise<void> {
  await child.printed(`Dynoxide listening on ${url.origin}`);
  await child.printed(`MCP HTTP server listening on ${toolUrl.origin}`);
}
