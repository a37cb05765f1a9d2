import type { OnDecision } from '@tweet-pipes/local-aws';
import type { AllowedQuestion } from './judge.ts';
import type { Part } from './workload.ts';

/** A question with the parts of the workload that asked it. */
export interface AskedQuestion extends AllowedQuestion {
  readonly parts: ReadonlySet<Part | 'start'>;
}

/** A call that was denied. */
export interface DeniedCall {
  readonly action: string;
  readonly resource: string;
}

/** Waits for the first denied call of a role. */
export interface Watch {
  /** Aborts at the call. */
  readonly signal: AbortSignal;
  /** Undefined until then. */
  readonly call: DeniedCall | undefined;
}

/** Every question of the roles, once each. */
export class Decisions {
  /** What runs now. */
  part: Part | 'start' = 'start';
  readonly #asked = new Map<string, AskedQuestion & { readonly parts: Set<Part | 'start'> }>();
  #watching: ((roleName: string, call: DeniedCall) => void) | undefined;

  /** Those that were allowed. */
  allowed(): AskedQuestion[] {
    return [...this.#asked.values()];
  }

  /** Watches one role at a time. */
  watch(watchedRole: string): Watch {
    const seen = new AbortController();
    let first: DeniedCall | undefined;
    this.#watching = (roleName, call) => {
      if (roleName !== watchedRole) return;
      first ??= call;
      seen.abort();
    };
    return {
      signal: seen.signal,
      get call() {
        return first;
      },
    };
  }

  readonly onDecision: OnDecision = (caller, request, { isAllowed }) => {
    if (caller.kind !== 'role') return;
    const { roleName, sessionName } = caller;
    const { action, resource } = request;
    if (!isAllowed) {
      this.#watching?.(roleName, { action, resource });
      return;
    }
    const key = JSON.stringify([roleName, action, resource]);
    const asked = this.#asked.get(key) ?? { roleName, sessionName, request, parts: new Set() };
    asked.parts.add(this.part);
    this.#asked.set(key, asked);
  };
}
