import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ProjectCopy } from '../project-copy.ts';
import { applyEdits, readFiles } from './edits.ts';
import type { Mutation } from './mutations.ts';

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

/** A copy of the project in which one mutation at a time is tested. Each is undone before the next. */
export class MutantFolder {
  readonly #copy: ProjectCopy;

  private constructor(copy: ProjectCopy) {
    this.#copy = copy;
  }

  /** Copies the working tree of `project`. */
  static async create(project: string): Promise<MutantFolder> {
    return new MutantFolder(await ProjectCopy.create(project));
  }

  /** The names of the tests that fail with the mutation. Throws when an edit does not apply or nothing was tested. */
  async failures({ files, edits, tests }: Pick<Mutation, 'files' | 'edits' | 'tests'>): Promise<string[]> {
    const originals = await readFiles(this.#copy.folder, files);
    await this.#write(applyEdits(originals, edits));
    try {
      return await this.#test(tests);
    } finally {
      await this.#write(originals);
    }
  }

  /** Deletes the copy. */
  async remove(): Promise<void> {
    await this.#copy.remove();
  }

  async #write(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const [file, text] of texts) await writeFile(join(this.#copy.folder, file), text);
  }

  async #test(paths: string[]): Promise<string[]> {
    const report = join(this.#copy.folder, 'jest-report.json');
    await rm(report, { force: true });
    await new Promise<void>((resolve, reject) => {
      const flags = ['--import', './test/jest/native-globals.ts'];
      const jest = ['node_modules/jest/bin/jest.js', '--json', '--forceExit', `--outputFile=${report}`, ...paths];
      const env = { ...process.env, PROPERTY_SHRINK: '0' };
      const child = spawn(process.execPath, [...flags, ...jest], { cwd: this.#copy.folder, stdio: 'ignore', env });
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
