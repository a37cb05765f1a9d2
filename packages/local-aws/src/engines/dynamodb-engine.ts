import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../runtime-context.ts';
import { dynamoDbService } from './dynamodb-service.ts';
import { findDynoxide } from './dynoxide-binary.ts';
import { type DynoxideFile, openDynoxideFile, type TrimOptions } from './dynoxide-file.ts';
import { type Engine, EngineError } from './engine.ts';
import { freePort } from './free-port.ts';
import { createForward } from './http-forward.ts';
import { startWatchedChild, type WatchedChild } from './watched-child.ts';

/**
 * Someone may take a free port before the engine binds it; that this happens so often in a row means something else is
 * wrong.
 */
const START_ATTEMPTS = 5;
/** It starts in 20 ms. It neither ends nor says a word when the second of its ports is taken. */
const START_LIMIT_MS = 10_000;
/** After a sweep there is none for so many times as long as it took. */
const SWEEP_PAUSE = 9;

/**
 * The engine's file is `dynamodb.sqlite` in the data folder. The engine does not notice a second process on the same
 * file.
 */
export interface DynamoDbOptions extends Pick<RuntimeContext, 'clock' | 'dataFolder' | 'region' | 'meter'> {
  /** A secret that guards the engine's second port. */
  token: string;
  /** Called when the engine ends by itself; every call fails from then on. Default: nothing but those failures. */
  onExit?(error: EngineError): void;
  /** Default `process.env`: PATH and DYNAMODB_ENDPOINT. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * DynamoDB with what our runtime needs beyond the API. With DYNAMODB_ENDPOINT the three do nothing: a server of the
 * user's own looks after its streams and its TTL by itself.
 */
export interface DynamoDbEngine extends Engine {
  /** Keeps writes to tables with a stream fast. Done at start already; harmless to repeat. */
  indexStreams(): void;
  /**
   * Deletes the records of a table's stream with a sequence number below `belowSequence` (decimal), always keeping the
   * newest one. Returns how many. The caller makes sure that nobody needs them: every pipe's checkpoint lies at or
   * above. Ranges to `keep` stay, both ends included.
   */
  trimStreams(options: TrimOptions): number;
  /**
   * Removes the items whose TTL has passed, as AWS does within days; their REMOVE records say so. The engine looks at
   * every item for that and does nothing else meanwhile (4 s for 300,000), so it is asked only when an item is due, and
   * never for more than a tenth of the time. Resolves to whether it was asked. Rejects with {@link EngineError}.
   */
  sweepTtl(): Promise<boolean>;
}

/**
 * Starts dynoxide on a SQLite file, or connects to DYNAMODB_ENDPOINT. The process ends with ours, whatever ends ours.
 * Rejects with {@link EngineError}: no engine for this platform, a file that is no database.
 */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDbEngine> {
  const environment = options.environment ?? process.env;
  const external = environment.DYNAMODB_ENDPOINT;
  if (external !== undefined && external !== '') return connectTo(external, options);

  const binary = findDynoxide(environment);
  mkdirSync(options.dataFolder, { recursive: true });
  const path = join(options.dataFolder, 'dynamodb.sqlite');
  const { child, port, toolPort } = await startServer(binary, path, options);
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
  let nextSweepMs = 0;
  let stopping: Promise<void> | undefined;
  void child.ended.then((code) => {
    if (stopping !== undefined) return;
    options.onExit?.(
      new EngineError(`The DynamoDB engine ended by itself (exit code ${code}): ${child.output().trim()}`),
    );
  });
  const forward = createForward(new URL(`http://127.0.0.1:${port}/`));
  const tools = createForward(new URL(`http://127.0.0.1:${toolPort}/mcp`));
  return {
    services: [dynamoDbService(forward, options.region, options.meter)],
    indexStreams: () => file.indexStreams(),
    trimStreams: (range) => file.trimStreams(range),
    async sweepTtl() {
      const startMs = options.clock.now();
      if (startMs < nextSweepMs || !file.hasExpired(startMs / 1000)) return false;
      const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sweep_ttl","arguments":{}}}';
      const headers = {
        authorization: `Bearer ${options.token}`,
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

function connectTo(endpoint: string, { region, meter }: DynamoDbOptions): DynamoDbEngine {
  if (!URL.canParse(endpoint)) {
    throw new EngineError(
      `DYNAMODB_ENDPOINT is not a URL: ${endpoint}. Expected something like http://127.0.0.1:8000.`,
    );
  }
  const forward = createForward(new URL(endpoint));
  return {
    services: [dynamoDbService(forward, region, meter)],
    indexStreams: () => {},
    trimStreams: () => 0,
    sweepTtl: async () => false,
    stop: async () => forward.close(),
  };
}

async function startServer(
  binary: string,
  path: string,
  { token, clock }: DynamoDbOptions,
): Promise<{ child: WatchedChild; port: number; toolPort: number }> {
  for (let attempt = 1; ; attempt++) {
    const [port, toolPort] = [await freePort(), await freePort()];
    const child = startWatchedChild(binary, [
      ...['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', path],
      ...['--mcp', '--mcp-host', '127.0.0.1', '--mcp-port', String(toolPort), '--mcp-token', token],
    ]);
    const waiting = new AbortController();
    try {
      await Promise.race([
        whenReady(child, port, toolPort),
        clock.sleep(START_LIMIT_MS, waiting.signal).then(() => Promise.reject(new EngineError('It took too long.'))),
      ]);
      return { child, port, toolPort };
    } catch (cause) {
      await child.stop();
      if (attempt < START_ATTEMPTS && /in use/i.test(child.output())) continue;
      throw new EngineError(
        `The DynamoDB engine did not start on ${path}: ${child.output().trim()}. If the file is damaged, start with --fresh.`,
        { cause },
      );
    } finally {
      waiting.abort();
    }
  }
}

async function whenReady(child: WatchedChild, port: number, toolPort: number): Promise<void> {
  await child.printed(`Dynoxide listening on http://127.0.0.1:${port}`);
  await child.printed(`MCP HTTP server listening on http://127.0.0.1:${toolPort}`);
}
