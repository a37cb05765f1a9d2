import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `tweet-pipes local` in a process of its own, as a user runs it. */
export interface RuntimeProcess {
  readonly endpoint: string;
  readonly pid: number;
  readonly readySeconds: number;
  /** Set when it ended by itself. */
  failure(): string | undefined;
  /** As Ctrl-C does; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface RuntimeProcessOptions {
  dataFolder: string;
  /** For Node, before the script: `--cpu-prof`. */
  nodeFlags: readonly string[];
  /** For the command, behind `local`: `--stream-megabytes=64`. */
  runtimeFlags: readonly string[];
}

/** Rejects with what the runtime said when it ends before it is ready. */
export async function startRuntimeProcess(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
  const script = fileURLToPath(import.meta.resolve('@tweet-pipes/cli/tweet-pipes'));
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [...options.nodeFlags, script, 'local', '--data', options.dataFolder, '--port', '0', ...options.runtimeFlags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  const ended = once(child, 'exit');
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
    const endpoint = /^Ready in .* at (http:\S+),/.exec(line)?.[1];
    if (endpoint !== undefined) ready.resolve(endpoint);
  });
  const endpoint = await Promise.race([ready.promise, ended.then(() => undefined)]);
  const { pid } = child;
  if (endpoint === undefined || pid === undefined)
    throw new Error(`The runtime ended before it was ready: ${said.join('\n')}`);
  return {
    endpoint,
    pid,
    readySeconds: (performance.now() - startMs) / 1000,
    failure: () => (hasEnded(child) ? said.join('\n') : undefined),
    async stop() {
      if (!hasEnded(child)) child.kill('SIGINT');
      await ended;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
