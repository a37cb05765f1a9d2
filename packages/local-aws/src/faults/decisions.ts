import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import type { CheckedRule, CheckedSpec } from './spec.ts';

/**
 * Decides for each call which faults are injected. Each rule draws from a separate random sequence per operation, pipe
 * shard and function. With one seed, the n-th call of an operation therefore has the same fault in every run,
 * independent of concurrent calls and other rules.
 */
export class Decisions {
  readonly #seed: number;
  readonly #drawn = new Map<CheckedRule, Map<string, number>>();
  readonly #hits = new Map<CheckedRule, number>();
  readonly #counts = new Map<string, number>();

  constructor({ seed }: CheckedSpec) {
    this.#seed = seed;
  }

  /**
   * Draws for the next call under this key. Returns the random source for the fault's details when the rule hits, else
   * undefined. Call `count` once the fault is injected.
   */
  next(rule: CheckedRule, key: string): Random | undefined {
    const drawn = this.#drawn.get(rule) ?? new Map<string, number>();
    this.#drawn.set(rule, drawn);
    const n = drawn.get(key) ?? 0;
    drawn.set(key, n + 1);
    const random = seededRandom(seedFrom(`${this.#seed} ${rule.on}:${rule.kind} ${rule.from} ${key} ${n}`));
    const hit = random.next() < rule.rate && (this.#hits.get(rule) ?? 0) < rule.times;
    return hit ? random : undefined;
  }

  count(rule: CheckedRule): void {
    this.#hits.set(rule, (this.#hits.get(rule) ?? 0) + 1);
    this.#counts.set(rule.kind, (this.#counts.get(rule.kind) ?? 0) + 1);
  }

  /** Injected faults, by kind. */
  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** FNV-1a with a final avalanche, so that similar texts give unrelated seeds. */
function seedFrom(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
