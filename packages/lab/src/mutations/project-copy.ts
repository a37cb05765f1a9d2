import { cp, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

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
/** What tsc remembers between two runs is of one place: paths are relative to it. */
const notLinked = '.types.tsbuildinfo';

async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (!linkFolders.includes(name) && name !== notLinked) await symlink(join(from, name), join(to, name));
  }
  for (const folder of linkFolders) {
    await mkdir(join(to, folder));
    for (const name of await readdir(join(from, folder))) {
      await symlink(await readlink(join(from, folder, name)), join(to, folder, name));
    }
  }
}
