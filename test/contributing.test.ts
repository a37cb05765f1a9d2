import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProjectCopy } from '@tweet-pipes/lab/project-copy';
import manifest from '../package.json' with { type: 'json' };
import { childEnvironment } from './child-environment.ts';
import { applyEdit, applyRecipe, commandsOf, recipesOf } from './recipes.ts';

/** Of one command. Alone on two cores each takes a few seconds. */
const LIMIT_MS = 120_000;

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const recipes = recipesOf(page);

describe('CONTRIBUTING.md', () => {
  it('is one hop from the README', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('](CONTRIBUTING.md)');
  });

  it('says where things are by names that stand in those files', () => {
    const [, table = ''] = page.split('\n## Where is …?\n');
    const places = [...(table.split('\n## ')[0] ?? '').matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)];
    expect(places.length).toBeGreaterThan(20);
    const missing = places.filter(
      ([, name, file]) => !hasWord(readFileSync(join(root, file ?? ''), 'utf8'), name ?? ''),
    );
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it('names npm scripts and folders that exist', () => {
    const scripts = [...page.matchAll(/npm run ([\w-]+)/g)].map((match) => match[1] ?? '');
    expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
    const folders = [...page.matchAll(/\*\*`([^`]+)`\*\*/g)].map((match) => match[1] ?? '');
    expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
    expect(folders).toHaveLength(10);
  });
});

describe('the recipes', () => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.create(root);
    for (const recipe of recipes) await applyRecipe(copy.folder, recipe);
  });
  afterAll(() => copy.remove());

  it('are those that this test knows', () => {
    expect(recipes.map(({ title, changes, commands }) => [title, changes.length, commands.length])).toEqual([
      ['Add an option of the stack', 3, 2],
      ['Add a state to the workflow', 2, 2],
      ['Add a source to the producer', 3, 1],
      ['Add a resource type to the local runtime', 4, 1],
    ]);
  });

  it(
    'give code that is formatted and used, and types that fit, all together',
    async () => {
      const files = recipes
        .flatMap(({ changes }) => changes.map(({ file }) => file))
        .filter((file) => file.endsWith('.ts'));
      await succeed(copy.folder, `npx biome check ${files.join(' ')}`);
      await succeed(copy.folder, 'npm run types');
      await succeed(copy.folder, 'npm run unused');
    },
    3 * LIMIT_MS,
  );

  it.each(recipes)(
    '$title: can be seen to work, by commands as they stand',
    async ({ commands }) => {
      for (const { command, output } of commands) {
        const printed = await succeed(copy.folder, command);
        if (command.startsWith('npm run jest')) expect(printed).toMatch(/^Tests: .*\b[1-9]\d* passed/m);
        else if (!command.startsWith('npm run')) expect(printed).toBe(output);
      }
    },
    3 * LIMIT_MS,
  );
});

describe('applyRecipe', () => {
  it('names the recipe whose edit does not fit', async () => {
    const change = { kind: 'Edit', file: 'package.json', block: ' no such line\n' } as const;
    const recipe = { title: 'Add a word', changes: [change], commands: [] };
    await expect(applyRecipe(root, recipe)).rejects.toThrow(
      /^Add a word: package\.json: expected once, found 0 times:\n/,
    );
  });
});

describe('applyEdit', () => {
  const text = 'one\ntwo\nthree\ntwo\nfour\n';

  it('adds, removes and finds lines at each place', () => {
    expect(applyEdit(text, ' one\n+new\n-two\n@@\n four\n+five\n', 'a.txt')).toBe('one\nnew\nthree\ntwo\nfour\nfive\n');
  });

  it('takes a line that ends in … for any that begins so, and keeps it', () => {
    expect(applyEdit(text, '+new\n th…\n', 'a.txt')).toBe('one\ntwo\nnew\nthree\ntwo\nfour\n');
  });

  it.each([' two\n+new\n', ' none\n+new\n', ' one\n three\n'])('refuses a place that is not there once: %j', (edit) => {
    expect(() => applyEdit(text, edit, 'a.txt')).toThrow(/^a\.txt: expected once, found [02] times:\n/);
  });

  it('reads what each command prints', () => {
    expect(commandsOf('$ a\n1\n2\n$ b\n')).toEqual([
      { command: 'a', output: '1\n2\n' },
      { command: 'b', output: '' },
    ]);
  });
});

function hasWord(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/**
 * What a command prints on both streams, run as a developer does. Rejects when it fails, or takes longer than two
 * minutes; then it is ended with all that it has started.
 */
function succeed(folder: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', `${command} 2>&1`], {
      cwd: folder,
      env: childEnvironment({ CDK_VALIDATION: 'false' }),
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const limit = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), LIMIT_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      if (code === 0) resolve(output);
      else reject(new Error(`${command} failed:\n${output}`));
    });
  });
}
