import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Mutation } from './mutations.ts';

/** The texts of the files that `files`, a glob, names in `folder`, by path from there. */
export async function readFiles(folder: string, files: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const file of glob(files, { cwd: folder })) texts.set(file, await readFile(join(folder, file), 'utf8'));
  return texts;
}

/** The texts after the edits of a mutation. Throws when an edit's text does not stand there as often as it says. */
export function applyEdits(texts: ReadonlyMap<string, string>, edits: Mutation['edits']): Map<string, string> {
  const edited = new Map(texts);
  for (const { from, to, times = 1 } of edits) {
    const found = [...edited.values()].reduce((sum, text) => sum + text.split(from).length - 1, 0);
    if (found !== times) throw new Error(`Expected ${times} times, found ${found} times: ${from}`);
    for (const [file, text] of edited)
      edited.set(
        file,
        text.replaceAll(from, () => to),
      );
  }
  return edited;
}
