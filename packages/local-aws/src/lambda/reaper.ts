import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Each input line replaces the list of process groups. The end of the input means that the runtime has ended, for
 * whatever reason: the listed groups are killed. That also ends functions in a busy loop, which cannot notice the end.
 */
const WATCHER = `
groups=
while read -r line; do groups=$line; done
[ -z "$groups" ] || kill -9 $groups 2>/dev/null
`;

/**
 * Kills process groups when this process ends, also by `kill -9`. A shell reads a pipe from this process; it starts
 * with the first group and has its own process group, so that Ctrl-C in a terminal does not reach it. Needs `/bin/sh`.
 */
export class Reaper {
  readonly #groups = new Set<number>();
  #watcher: ChildProcess | undefined;

  /** Adds the process group that `pid` leads. */
  add(pid: number): void {
    this.#groups.add(pid);
    this.#writeGroups();
  }

  /** Removes a process group that has ended. */
  remove(pid: number): void {
    if (this.#groups.delete(pid)) this.#writeGroups();
  }

  /**
   * Ends the shell, which kills the groups that are still listed. Resolves when it has ended. A group that is added
   * later starts another shell.
   */
  async stop(): Promise<void> {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    this.#groups.clear();
    if (watcher === undefined || watcher.exitCode !== null || watcher.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      watcher.once('exit', () => resolve());
      watcher.stdin?.end();
    });
  }

  #writeGroups(): void {
    this.#watcher ??= this.#start();
    this.#watcher.stdin?.write(`${[...this.#groups].map((pid) => -pid).join(' ')}\n`);
  }

  #start(): ChildProcess {
    const watcher = spawn('/bin/sh', ['-c', WATCHER], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
    // If the shell was killed, the next change of the list starts another.
    const forget = (): void => {
      if (this.#watcher === watcher) this.#watcher = undefined;
    };
    watcher.once('exit', forget);
    watcher.once('error', forget);
    watcher.stdin?.on('error', () => {});
    return watcher;
  }
}
