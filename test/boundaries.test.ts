import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const root = join(import.meta.dirname, '..');
const biome = join(root, 'node_modules/.bin/biome');
const folder = mkdtempSync(join(tmpdir(), 'tweet-pipes-boundaries-'));

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

/** What each package of the small repository declares, as in the real one. */
const declared: Record<string, readonly string[]> = {
  '.': ['kit', 'local-aws', 'console', 'cli', 'lab', 'producer'],
  producer: ['kit'],
  'packages/kit': [],
  'packages/local-aws': ['kit'],
  'packages/console': ['kit'],
  'packages/cli': ['kit', 'local-aws', 'console', 'producer'],
  'packages/lab': ['kit', 'local-aws', 'cli', 'producer'],
};

const allowed = [
  ['functions/flatten/index.ts', '@tweet-pipes/kit/json'],
  ['producer/sources/file.ts', '../record.ts'],
  ['packages/local-aws/src/runtime.ts', '@tweet-pipes/kit/json'],
  ['packages/cli/src/commands/produce.ts', '@tweet-pipes/producer/record'],
  ['packages/cli/src/console/page.ts', '@tweet-pipes/console/page'],
  ['packages/cli/test/produce.test.ts', '../src/produce.ts'],
  ['packages/lab/src/chaos.ts', '@tweet-pipes/cli'],
  ['packages/cli/test/feed.test.ts', '../../../test/e2e/app.ts'],
  ['test/e2e/faults.test.ts', '../../packages/cli/test/child.ts'],
  ['test/infra/config.test.ts', '../../infra/config.ts'],
  ['test/producer/record.test.ts', '@tweet-pipes/producer/record'],
] as const;

const refused = [
  ['functions/flatten/error.ts', '../../producer/record.ts'],
  ['producer/wake.ts', '@tweet-pipes/local-aws'],
  ['infra/app.ts', '../packages/kit/src/json.ts'],
  ['packages/kit/src/json.ts', '@tweet-pipes/local-aws'],
  ['packages/kit/src/clock.ts', '../../local-aws/src/idle.ts'],
  ['packages/local-aws/src/idle.ts', '@tweet-pipes/cli'],
  ['packages/local-aws/src/feed.ts', '@tweet-pipes/producer/record'],
  ['packages/cli/src/produce.ts', '../../../producer/record.ts'],
  ['packages/cli/test/stack-facts.test.ts', '../../../infra/config.ts'],
  ['packages/cli/test/boot.test.ts', '../../local-aws/src/runtime.ts'],
  ['packages/cli/src/cost.ts', '../../../infra/config.ts'],
  ['packages/cli/src/boot.ts', '../../local-aws/src/runtime.ts'],
  ['packages/cli/src/bench.ts', '@tweet-pipes/lab'],
  ['packages/console/src/view.ts', '@tweet-pipes/cli'],
  ['packages/cli/src/console.ts', '../../console/src/page.ts'],
  ['test/e2e/app.test.ts', '../../packages/cli/src/run.ts'],
] as const;

function write(file: string, content: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** The files in which the rules on imports find an error. */
function offending(): string[] {
  const rules = ['style/noRestrictedImports', 'correctness/noUndeclaredDependencies', 'suspicious/noImportCycles'];
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', ...rules.map((rule) => `--only=${rule}`)], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...new Set(report.parse(JSON.parse(stdout)).diagnostics.map(({ location }) => location.path))].sort();
}

/** The arrows of docs/adr/0024, as the linter enforces them: biome.json has the rules. */
describe('the rules on imports', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuse what leaves a folder or points the wrong way, and circles', () => {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [path, names] of Object.entries(declared)) {
      const dependencies = Object.fromEntries(names.map((name) => [`@tweet-pipes/${name}`, '0.1.0']));
      write(join(path, 'package.json'), JSON.stringify({ name: path, dependencies }));
    }
    for (const [file, from] of [...allowed, ...refused]) write(file, `import { x } from '${from}';\nx();\n`);
    const circle = ['packages/local-aws/src/a.ts', 'packages/local-aws/src/b.ts'];
    write('packages/local-aws/src/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n");
    write('packages/local-aws/src/b.ts', "import { a } from './a.ts';\nexport const b = () => a;\n");

    expect(offending()).toEqual([...refused.map(([file]) => file), ...circle].sort());
  });
});
