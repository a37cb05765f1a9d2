import type { Invocation } from './messages.ts';
import type { InvocationOutcome, Log, Sandbox } from './sandbox.ts';

/**
 * The sandboxes of one function. An invocation takes a warm sandbox, starts another up to the limit, or waits. A
 * sandbox whose process ended is replaced.
 */
export class Pool {
  readonly #start: () => Sandbox;
  readonly #limit: number;
  readonly #all = new Set<Sandbox>();
  #idle: Sandbox[] = [];
  #queue: (() => void)[] = [];
  #invocations = 0;
  #isStopped = false;
  #whenUnused: (() => void) | undefined;

  constructor(start: () => Sandbox, limit: number) {
    this.#start = start;
    this.#limit = limit;
  }

  /** The number of running and waiting invocations. */
  get invocations(): number {
    return this.#invocations;
  }

  /**
   * Runs an invocation. Never rejects. Undefined when the pool was stopped before or during the invocation. `begin` is
   * called when its sandbox is known, and gives what takes the output.
   */
  async invoke(invocation: Invocation, begin: (sandbox: Sandbox) => Log): Promise<InvocationOutcome | undefined> {
    this.#invocations += 1;
    try {
      const sandbox = await this.#take();
      if (sandbox === undefined) return undefined;
      const outcome = await sandbox.invoke(invocation, begin(sandbox));
      this.#giveBack(sandbox, outcome);
      return this.#isStopped ? undefined : outcome;
    } finally {
      this.#invocations -= 1;
      if (this.#invocations === 0) this.#whenUnused?.();
    }
  }

  /** Ends all sandboxes once no invocation runs or waits. Let none begin. */
  async retire(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const sandbox of idle) this.#all.delete(sandbox);
    await Promise.all(idle.map((sandbox) => sandbox.stop()));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenUnused = resolve;
    if (this.#invocations > 0) await promise;
    await this.stop();
  }

  /** Ends all sandboxes and their invocations. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const turn of this.#queue.splice(0)) turn();
    await Promise.all([...this.#all].map((sandbox) => sandbox.stop()));
    this.#all.clear();
  }

  async #take(): Promise<Sandbox | undefined> {
    for (;;) {
      if (this.#isStopped) return undefined;
      const warm = this.#idle.pop();
      if (warm?.isAlive) return warm;
      if (warm) this.#all.delete(warm);
      else if (this.#all.size < this.#limit) {
        const sandbox = this.#start();
        this.#all.add(sandbox);
        return sandbox;
      } else await new Promise<void>((turn) => this.#queue.push(turn));
    }
  }

  #giveBack(sandbox: Sandbox, outcome: InvocationOutcome): void {
    if (outcome.kind === 'gone') this.#all.delete(sandbox);
    else this.#idle.push(sandbox);
    this.#queue.shift()?.();
  }
}
