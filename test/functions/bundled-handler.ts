import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build } from 'esbuild';

const script = `import { handler } from './index.mjs';
console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]), { functionName: 'flatten', getRemainingTimeInMillis: () => 1000 })));`;

/** A function of `functions/`, bundled as NodejsFunction bundles it, in a process of its own: what AWS runs. */
export class BundledHandler {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(name: string): Promise<BundledHandler> {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    await build({
      entryPoints: [`functions/${name}/index.ts`],
      outfile: join(folder, 'index.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    await writeFile(join(folder, 'run.mjs'), script);
    return new BundledHandler(folder);
  }

  /** The lines that one call writes; the last is the answer. Throws if the process fails. */
  async run(event: unknown, environment: NodeJS.ProcessEnv = process.env): Promise<string[]> {
    const args = [join(this.#folder, 'run.mjs'), JSON.stringify(event)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
    return stdout.trim().split('\n');
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}
