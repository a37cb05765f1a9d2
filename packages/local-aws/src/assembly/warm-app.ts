import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type AppCommand, runApp, type StartedApp, startApp } from './run-app.ts';
import { type SynthesizeOptions, succeeded, synthesisCommands } from './synthesize.ts';

const WARM_START = pathToFileURL(join(import.meta.dirname, 'warm-start.mjs')).href;
type WarmOptions = Omit<SynthesizeOptions, 'outputFolder' | 'cacheFolder' | 'signal'>;

interface Waiting {
  readonly app: StartedApp;
  readonly command: AppCommand;
}

/**
 * A CDK app that is synthesized again and again. Between two runs a process of it may wait, which has loaded the
 * packages of the last run and no file of the app: loading them is half of a run. An app that Node does not run by the
 * command `node` is started when it is needed. One call at a time.
 */
export class WarmApp {
  readonly #options: WarmOptions;
  readonly #end = new AbortController();
  #folder: Promise<string> | undefined;
  #waiting: Waiting | undefined;

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  /** Runs the app as `synthesize` does. Throws SynthesisError, and the error of an abort after `stop`. */
  async synthesize(outputFolder: string): Promise<void> {
    const { build, app } = await this.#commands(outputFolder);
    if (build !== undefined) await succeeded(build, runApp(build));
    const started = this.#takeWaiting(app) ?? startApp(app);
    started.release();
    await succeeded(app, started.ended);
  }

  /** Starts the process that waits for the next run, which must be into this folder. */
  async prepare(outputFolder: string): Promise<void> {
    const { app } = await this.#commands(outputFolder);
    this.#waiting = { command: app, app: startApp(app) };
  }

  /** Ends what runs and what waits. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#waiting?.app.ended.catch(() => {});
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  /** The process that waits, if what it was started with still holds. */
  #takeWaiting(command: AppCommand): StartedApp | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined || isDeepStrictEqual(waiting.command, command)) return waiting?.app;
    waiting.app.discard();
    return undefined;
  }

  async #commands(outputFolder: string): ReturnType<typeof synthesisCommands> {
    const { signal } = this.#end;
    const { build, app } = await synthesisCommands({ ...this.#options, outputFolder, signal });
    if (!/^\s*node\s/.test(app.command)) return { build, app };
    this.#folder ??= mkdtemp(join(tmpdir(), 'local-aws-app-'));
    const { NODE_OPTIONS: nodeOptions } = app.environment;
    const warmStart = {
      NODE_OPTIONS: [nodeOptions, `--import=${WARM_START}`].filter(Boolean).join(' '),
      WARM_APP_MODULES: join(await this.#folder, 'modules.json'),
      ...(nodeOptions && { WARM_APP_NODE_OPTIONS: nodeOptions }),
    };
    return { build, app: { ...app, environment: { ...app.environment, ...warmStart } } };
  }
}
