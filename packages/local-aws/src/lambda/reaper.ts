import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Each line replaces the list of process groups; the end of the input means that we are gone, by whatever death. What
 * is listed then is killed. It also ends functions that never give way and so would never notice by themselves.
 */
const WATCHER = `
groups=
while read -r line; do groups=$line; done
[ -z "$groups" ] || kill -9 $groups 2>/dev/null
`;

/**
 * Kills process groups when this process ends, `kill -9` included: one small shell that reads a pipe of ours, started
 * with the first group. Needs `/bin/sh`. It has a group of its own, so that Ctrl-C in a terminal does not reach it.
 */
export class Reaper {
  readonly #groups = new Set<number>();
  #watcher: ChildProcess | undefined;

  /** `pid` leads its group. */
  add(pid: number): void {
    this.#groups.add(pid);
    this.#tell();
  }

  remove(pid: number): void {
    if (this.#groups.delete(pid)) this.#tell();
  }

  /**
   * Ends the shell, which kills what is still listed. Resolves when it has ended; a group that is added later starts
   * another.
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

  #tell(): void {
    this.#watcher ??= this.#start();
    this.#watcher.stdin?.write(`${[...this.#groups].map((pid) => -pid).join(' ')}\n`);
  }

  #start(): ChildProcess {
    const watcher = spawn('/bin/sh', ['-c', WATCHER], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
    // Somebody killed it: the next change starts another.
    const forget = (): void => {
      if (this.#watcher === watcher) this.#watcher = undefined;
    };
    watcher.once('exit', forget);
    watcher.once('error', forget);
    watcher.stdin?.on('error', () => {});
    return watcher;
  }
}
