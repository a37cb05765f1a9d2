import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import manifest from '../../../../package.json' with { type: 'json' };

/** What has to be known about a run to compare it with another. */
export interface Provenance {
  /** ISO 8601, UTC. */
  startedAt: string;
  machine: {
    processor: string;
    /** That this process may use. */
    cores: number;
    /** MB (10^6 bytes). */
    memoryMegabytes: number;
    kernel: string;
    node: string;
  };
  /** The commit that is checked out, and whether files differ from it. `null` outside of a git repository. */
  commit: string | null;
  dirty: boolean | null;
  /** By package: this project and the engines that it runs on. */
  versions: Record<string, string>;
}

const engines = ['kinesalite', 'fauxqs', `@dynoxide/${process.platform}-${process.arch}`, 'jsonata'];
const packageManifest = z.object({ version: z.string() });

export async function provenance(): Promise<Provenance> {
  const versions: Record<string, string> = { 'tweet-pipes': manifest.version };
  for (const name of engines) versions[name] = await installedVersion(name);
  const status = await git('status', '--porcelain');
  return {
    startedAt: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryMegabytes: Math.round(totalmem() / 1e6),
      kernel: `${process.platform} ${release()}`,
      node: process.version,
    },
    commit: (await git('rev-parse', 'HEAD')) ?? null,
    dirty: status === undefined ? null : status !== '',
    versions,
  };
}

async function installedVersion(name: string): Promise<string> {
  const text = await readFile(new URL(`../../../../node_modules/${name}/package.json`, import.meta.url), 'utf8').catch(
    () => undefined,
  );
  return text === undefined ? 'not installed' : packageManifest.parse(JSON.parse(text)).version;
}

async function git(...args: string[]): Promise<string | undefined> {
  const cwd = new URL('../../../..', import.meta.url);
  const answer = await promisify(execFile)('git', args, { cwd }).catch(() => undefined);
  return answer?.stdout.trim();
}
