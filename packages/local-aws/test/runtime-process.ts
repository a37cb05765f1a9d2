import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { ChildOptions } from './runtime-child.ts';

const eventSchema = z.union([
  z.object({
    ready: z.object({
      endpoint: z.string(),
      outputs: z.record(z.string(), z.string()),
      inert: z.array(z.string()),
    }),
  }),
  z.object({ idle: z.object({ executions: z.number(), residentMegabytes: z.number() }) }),
]);
type Event = z.infer<typeof eventSchema>;
type Ready = Extract<Event, { ready: unknown }>['ready'];
type Idle = Extract<Event, { idle: unknown }>['idle'];

/** A runtime in a child process, driven by lines; see runtime-child.ts. */
export class RuntimeProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  constructor(options: ChildOptions) {
    const script = new URL('runtime-child.ts', import.meta.url).pathname;
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.ended = once(this.#child, 'exit').then(([code, signal]) => code ?? signal);
    // Writing to one that has just been killed is what these tests do.
    this.#child.stdin.on('error', () => {});
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async ready(): Promise<Ready> {
    const event = await this.#next();
    if (event === undefined || !('ready' in event)) throw new Error('The runtime ended before it was ready.');
    return event.ready;
  }

  /** Lets the calls through that `hold` names. */
  go(): void {
    this.#child.stdin.write('go\n');
  }

  /** Resolves when everything is at rest; undefined when the process ended first. */
  async idle(): Promise<Idle | undefined> {
    this.#child.stdin.write('idle\n');
    const event = await this.#next();
    return event !== undefined && 'idle' in event ? event.idle : undefined;
  }

  /** Asks it to stop, and resolves when nothing keeps the process alive. */
  stop(): Promise<number | string> {
    this.#child.stdin.end();
    return this.ended;
  }

  /** For the end of a test that failed. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #next(): Promise<Event | undefined> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : eventSchema.parse(JSON.parse(value));
  }
}
