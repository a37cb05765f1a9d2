import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

const notCopied = new Set(['node_modules', '.git', '.local', 'cdk.out', 'coverage', 'api-docs']);

/**
 * A copy of the project in a temporary folder, with the project's own node_modules but the workspaces of the copy, so
 * that files can be changed and run there while the working tree stays as it is.
 */
export class ProjectCopy {
  /** Absolute path. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies `project` as {@link copyFiles} does. */
  static async create(project: string): Promise<ProjectCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-copy-'));
    await copyFiles(project, folder);
    await linkModules(join(project, 'node_modules'), join(folder, 'node_modules'));
    await copyCheckedTypes(join(project, 'node_modules'), join(folder, 'node_modules'));
    return new ProjectCopy(folder);
  }

  /** Deletes the copy. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Copies the working tree of a project, untracked files included, without packages and without what it has made. */
export function copyFiles(project: string, folder: string): Promise<void> {
  return cp(project, folder, { recursive: true, filter: (source) => !notCopied.has(basename(source)) });
}

/**
 * Folders of links, the workspaces and the commands. npm makes them relative, so in the copy the same links lead to the
 * copy's own files.
 */
const linkFolders = ['@tweet-pipes', '.bin'];
/** What tsc remembers of the last run of `npm run types`. */
const checkedTypes = '.types.tsbuildinfo';

async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (!linkFolders.includes(name) && name !== checkedTypes) await symlink(join(from, name), join(to, name));
  }
  for (const folder of linkFolders) {
    await mkdir(join(to, folder));
    for (const name of await readdir(join(from, folder))) {
      await symlink(await readlink(join(from, folder, name)), join(to, folder, name));
    }
  }
}

/**
 * Lets tsc check in the copy only what is changed there. Paths in its file are relative to it: those of the project's
 * files are the same in the copy, and packages stay where they are.
 */
async function copyCheckedTypes(from: string, to: string): Promise<void> {
  const checked = join(from, checkedTypes);
  if (!existsSync(checked)) return;
  const text = await readFile(checked, 'utf8');
  const packages = /"\.\/(?!@tweet-pipes\/|\.types\.)/g;
  await writeFile(join(to, checkedTypes), text.replaceAll(packages, `"${relative(to, from)}/`));
}
