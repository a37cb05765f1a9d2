import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import * as z from 'zod';

/** The facts about a run that are needed to compare it with another. */
export interface Provenance {
  /** ISO 8601, UTC. */
  startedAt: string;
  machine: {
    processor: string;
    /** Available to this process. */
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

/** Reads the provenance of a run that starts now. */
export async function provenance(): Promise<Provenance> {
  const versions: Record<string, string> = { 'tweet-pipes': await versionOf(PROJECT_FOLDER) };
  for (const name of engines) versions[name] = await versionOf(join(PROJECT_FOLDER, 'node_modules', name));
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

async function versionOf(packageFolder: string): Promise<string> {
  const text = await readFile(join(packageFolder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? 'not installed' : packageManifest.parse(JSON.parse(text)).version;
}

async function git(...args: string[]): Promise<string | undefined> {
  const answer = await promisify(execFile)('git', args, { cwd: PROJECT_FOLDER }).catch(() => undefined);
  return answer?.stdout.trim();
}
