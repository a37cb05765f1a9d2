import { parseArgs } from 'node:util';

import { MutantFolder } from './mutant.ts';
import { type Mutation, mutations } from './mutations.ts';

const usage = `Breaks the scheme on purpose, one mutation at a time and in a copy, and shows which tests of the default suite notice.

  npm run mutations [-- <part of a name>]

Prints a table for docs/testing.md. Exit code 0: each mutation makes a test fail. 1: could not start. 2: one survives.
`;

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (values.help) process.stdout.write(usage);
else process.exitCode = await run(positionals[0] ?? '');

async function run(part: string): Promise<number> {
  const chosen = mutations.filter(({ name }) => name.includes(part));
  if (chosen.length === 0) {
    process.stderr.write(`No mutation has ${JSON.stringify(part)} in its name. docs/testing.md lists them.\n`);
    return 1;
  }
  const project = new URL('../../../../', import.meta.url).pathname;
  const mutant = await MutantFolder.create(project);
  let survivors = 0;
  try {
    const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
    const broken = await mutant.failures({ files: 'package.json', edits: [], tests });
    if (broken.length > 0) {
      process.stderr.write(`Without any mutation these tests fail:\n${broken.join('\n')}\n`);
      return 1;
    }
    process.stdout.write('| Mutation | Tests that fail | Of |\n| --- | ---: | --- |\n');
    for (const mutation of chosen) {
      const { path, failures } = await noticeOf(mutation, mutant);
      if (failures === 0) survivors += 1;
      process.stdout.write(`| ${mutation.name} | ${failures || '**none**'} | \`${path}\` |\n`);
    }
  } finally {
    await mutant.remove();
  }
  return survivors > 0 ? 2 : 0;
}

/** How many tests fail in the first part of the suite in which any does; otherwise none of the last part. */
async function noticeOf(mutation: Mutation, mutant: MutantFolder): Promise<{ path: string; failures: number }> {
  let path = '';
  for (path of mutation.tests) {
    const failed = await mutant.failures({ ...mutation, tests: [path] });
    if (failed.length > 0) return { path, failures: failed.length };
  }
  return { path, failures: 0 };
}
