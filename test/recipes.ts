import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One change that a recipe makes to a file: its whole content, or lines to add, remove and find. */
export interface RecipeChange {
  kind: 'New' | 'Edit';
  /** Relative to the project. */
  file: string;
  /** The block under the line that names the file. */
  block: string;
}

/** A command as the page prints it, and what it prints. */
export interface ShownCommand {
  command: string;
  output: string;
}

export interface Recipe {
  title: string;
  changes: RecipeChange[];
  commands: ShownCommand[];
}

/** The recipes of a page: what stands under `## Recipes`, each under a heading of its own. */
export function recipesOf(page: string): Recipe[] {
  const section = page.split(/^## /m).find((part) => part.startsWith('Recipes\n')) ?? '';
  return section
    .split(/^### /m)
    .slice(1)
    .map((text) => ({
      title: text.slice(0, text.indexOf('\n')),
      changes: [...text.matchAll(/^(New|Edit) `([^`]+)`[^\n]*:\n```\w+\n(.*?)^```$/gms)].map(
        ([, kind, file = '', block = '']) => ({ kind: kind === 'New' ? 'New' : 'Edit', file, block }),
      ),
      commands: [...text.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, session = '']) => commandsOf(session)),
    }));
}

/** The commands of a session, each with the lines up to the next. */
export function commandsOf(session: string): ShownCommand[] {
  return session
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/**
 * Makes the changes of a recipe to the project in this folder. Rejects with an Error that begins with the recipe's
 * title when a new file exists already, or an edit does not fit its file.
 */
export async function applyRecipe(folder: string, { title, changes }: Recipe): Promise<void> {
  for (const { kind, file, block } of changes) {
    const path = join(folder, file);
    try {
      if (kind === 'New') {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, block, { flag: 'wx' });
      } else await writeFile(path, applyEdit(await readFile(path, 'utf8'), block, file));
    } catch (error) {
      throw new Error(`${title}: ${messageOf(error)}`, { cause: error });
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A file's text after an edit. `@@` separates the places; at each, lines without sign and lines with `-` must stand in
 * the file exactly once, one after the other. A line that ends in `…` is any line that begins so. Throws Error with
 * the file's name for a place that is missing or not unique.
 */
export function applyEdit(text: string, edit: string, file: string): string {
  return edit
    .split(/^@@\n/m)
    .reduce((lines, place) => applyAt(lines, place.replace(/\n$/, '').split('\n'), file), text.split('\n'))
    .join('\n');
}

function applyAt(lines: readonly string[], place: readonly string[], file: string): string[] {
  const wanted = place.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
  const starts = lines.flatMap((_, start) =>
    wanted.length > 0 && wanted.every((line, index) => isLine(lines[start + index], line)) ? start : [],
  );
  const [start, ...others] = starts;
  if (start === undefined || others.length > 0) {
    throw new Error(`${file}: expected once, found ${starts.length} times:\n${wanted.join('\n')}`);
  }
  let next = start;
  const replacement = place.flatMap((line) => {
    if (line.startsWith('+')) return line.slice(1);
    const found = lines[next] ?? '';
    next += 1;
    return line.startsWith('-') ? [] : found;
  });
  return [...lines.slice(0, start), ...replacement, ...lines.slice(next)];
}

function isLine(found: string | undefined, wanted: string): boolean {
  return wanted.endsWith('…') ? (found?.startsWith(wanted.slice(0, -1)) ?? false) : found === wanted;
}
