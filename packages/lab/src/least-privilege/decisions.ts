import type { OnDecision } from '@tweet-pipes/local-aws';
import type { AllowedQuestion } from './judge.ts';
import type { Part } from './workload.ts';

/** A question with the parts of the workload that asked it. */
export interface AskedQuestion extends AllowedQuestion {
  readonly parts: ReadonlySet<Part | 'start'>;
}

interface Watch {
  readonly roleName: string;
  readonly seen: AbortController;
}

/** Every question of the roles, once each. */
export class Decisions {
  /** What runs now. */
  part: Part | 'start' = 'start';
  readonly #asked = new Map<string, AskedQuestion & { readonly parts: Set<Part | 'start'> }>();
  #watch: Watch | undefined;

  /** Those that were allowed. */
  allowed(): AskedQuestion[] {
    return [...this.#asked.values()];
  }

  /** Aborts when a call of the role is denied, with what it was as the reason. One role at a time. */
  watch(roleName: string): AbortSignal {
    const seen = new AbortController();
    this.#watch = { roleName, seen };
    return seen.signal;
  }

  readonly onDecision: OnDecision = (caller, request, { isAllowed }) => {
    if (caller.kind !== 'role') return;
    const { roleName, sessionName } = caller;
    const { action, resource } = request;
    if (!isAllowed) {
      if (this.#watch?.roleName === roleName) this.#watch.seen.abort(`${action} on ${resource}`);
      return;
    }
    const key = JSON.stringify([roleName, action, resource]);
    const asked = this.#asked.get(key) ?? { roleName, sessionName, request, parts: new Set() };
    asked.parts.add(this.part);
    this.#asked.set(key, asked);
  };
}
