import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';

import type { Mutation } from './mutations.ts';

const notCopied = new Set(['node_modules', '.git', '.local', 'cdk.out', 'coverage']);

const jestReport = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ title: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * A copy of the project in a temporary folder, with the project's own node_modules but the workspaces of the copy; the
 * working tree is never touched. The copy is made once, and each mutation is undone before the next.
 */
export class MutantFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(project: string): Promise<MutantFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-mutant-'));
    await cp(project, folder, { recursive: true, filter: (source) => !notCopied.has(basename(source)) });
    await linkModules(join(project, 'node_modules'), join(folder, 'node_modules'));
    return new MutantFolder(folder);
  }

  /** The names of the tests that fail with the mutation. Throws when an edit does not apply or nothing was tested. */
  async failures({ file, edits, tests }: Pick<Mutation, 'file' | 'edits' | 'tests'>): Promise<string[]> {
    const path = join(this.#folder, file);
    const original = await readFile(path, 'utf8');
    let text = original;
    for (const { from, to, times = 1 } of edits) {
      const found = text.split(from).length - 1;
      if (found !== times) throw new Error(`${file}: expected ${times} times, found ${found} times: ${from}`);
      text = text.replaceAll(from, () => to);
    }
    await writeFile(path, text);
    try {
      return await this.#test(tests);
    } finally {
      await writeFile(path, original);
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #test(paths: string[]): Promise<string[]> {
    const report = join(this.#folder, 'jest-report.json');
    await rm(report, { force: true });
    await new Promise<void>((resolve, reject) => {
      const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
      const jest = ['node_modules/jest/bin/jest.js', '--json', '--forceExit', `--outputFile=${report}`, ...paths];
      const env = { ...process.env, PROPERTY_SHRINK: '0' };
      const child = spawn(process.execPath, [...flags, ...jest], { cwd: this.#folder, stdio: 'ignore', env });
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
    const { numTotalTests, testResults } = jestReport.parse(JSON.parse(await readFile(report, 'utf8')));
    if (numTotalTests === 0) throw new Error(`No test was run in ${paths.join(', ')}.`);
    return testResults.flatMap(({ assertionResults, message, name }) => {
      if (assertionResults.length === 0) throw new Error(`${name} could not be run: ${message}`);
      return assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title);
    });
  }
}

/** The scope of the workspaces: npm links each by a relative path, which in the copy leads to the copy's own files. */
const WORKSPACES = '@tweet-pipes';

async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(join(to, WORKSPACES), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== WORKSPACES) await symlink(join(from, name), join(to, name));
  }
  for (const name of await readdir(join(from, WORKSPACES))) {
    await symlink(await readlink(join(from, WORKSPACES, name)), join(to, WORKSPACES, name));
  }
}
