import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `tweet-pipes local` in its own process, as a user runs it. */
export interface RuntimeProcess {
  readonly endpoint: string;
  readonly pid: number;
  readonly readySeconds: number;
  /** Its output, if it exited by itself. */
  failure(): string | undefined;
  /** Stops it as Ctrl-C does; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How to start it. */
export interface RuntimeProcessOptions {
  dataFolder: string;
  /** For Node, before the script: `--cpu-prof`. */
  nodeFlags: readonly string[];
  /** For the command, behind `local`: `--stream-megabytes=64`. */
  runtimeFlags: readonly string[];
  /** Variables beside those of this process. */
  environment?: Readonly<Record<string, string>>;
}

/** Starts the runtime. Rejects with its output if it exits before it is ready. */
export async function startRuntimeProcess(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
  const script = fileURLToPath(new URL('../bin/tweet-pipes.mjs', import.meta.resolve('@tweet-pipes/cli/tweet-pipes')));
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [...options.nodeFlags, script, 'local', '--data', options.dataFolder, '--port', '0', ...options.runtimeFlags],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...options.environment } },
  );
  const output: string[] = [];
  const ended = once(child, 'exit');
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    output.push(line);
    if (output.length > 20) output.shift();
    const endpoint = /^Ready in .* at (http:\S+),/.exec(line)?.[1];
    if (endpoint !== undefined) ready.resolve(endpoint);
  });
  const endpoint = await Promise.race([ready.promise, ended.then(() => undefined)]);
  const { pid } = child;
  if (endpoint === undefined || pid === undefined)
    throw new Error(`The runtime exited before it was ready: ${output.join('\n')}`);
  return {
    endpoint,
    pid,
    readySeconds: (performance.now() - startMs) / 1000,
    failure: () => (hasEnded(child) ? output.join('\n') : undefined),
    async stop() {
      if (!hasEnded(child)) child.kill('SIGINT');
      await ended;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
