import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STACK = 'TweetPipes';

/**
 * Synthesizes the app of this repository with its default options and gives the stack's template, parsed. Takes about 3
 * s. Throws with the app's own words when it cannot.
 */
export async function synthesize(root: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-pictures-'));
  try {
    await runApp(join(root, 'infra/app.ts'), folder);
    return JSON.parse(await readFile(join(folder, `${STACK}.template.json`), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runApp(app: string, folder: string): Promise<void> {
  const env = { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{}', CDK_VALIDATION: 'false' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [app], { env }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`The stack cannot be synthesized:\n${stderr.trim() || error.message}`, { cause: error }));
    });
  });
}
