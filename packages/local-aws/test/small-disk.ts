import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { SmallDiskOptions } from './small-disk-child.ts';

/** Mounts a disk of 20 MB at $1 in a namespace of its own, which ends with the last process in it, however it ends. */
const inNamespace = (...command: string[]) => [
  'unshare',
  ...['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=20m tmpfs "$1" && shift && exec "$@"', 'sh'],
  ...command,
];

/** Whether such a disk can be had: on Linux, where namespaces of users are allowed. */
export function canMount(folder: string): boolean {
  const [program = '', ...args] = inNamespace(folder, 'true');
  return spawnSync(program, args).status === 0;
}

const eventSchema = z.union([z.object({ log: z.string() }), z.object({ done: z.string(), endpoint: z.string() })]);

/** A runtime on a disk of 20 MB, or on one whose free bytes it is told. */
export class SmallDisk {
  /** What the runtimes logged. */
  readonly lines: string[] = [];
  /** Of the running runtime. */
  endpoint = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #exit: Promise<void>;
  #pending: PromiseWithResolvers<void> | undefined;

  constructor(options: SmallDiskOptions) {
    const script = new URL('small-disk-child.ts', import.meta.url).pathname;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', script, JSON.stringify(options)];
    const [program = '', ...args] = options.isTold ? node : inNamespace(options.disk, ...node);
    this.#child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#exit = once(this.#child, 'exit').then(() => this.#pending?.reject(new Error('The process has ended.')));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const event = eventSchema.parse(JSON.parse(line));
      if ('log' in event) this.lines.push(event.log);
      else {
        this.endpoint = event.endpoint;
        this.#pending?.resolve();
      }
    });
  }

  /** Resolves when the command is done: `fill` when the disk is full. One at a time. */
  do(command: 'start' | 'fill' | 'free' | 'stop'): Promise<void> {
    this.#pending = Promise.withResolvers();
    this.#child.stdin.write(`${command}\n`);
    return this.#pending.promise;
  }

  /** Ends the process and with it the disk, also when a test failed half-way. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#exit;
  }
}
