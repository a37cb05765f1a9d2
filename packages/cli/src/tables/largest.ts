/**
 * Keeps the `limit` largest of many items in a heap whose root is the smallest of them. Adding takes O(log limit) time;
 * memory depends on `limit` only.
 */
export class Largest<T> {
  readonly #limit: number;
  readonly #isBefore: (a: T, b: T) => number;
  readonly #heap: T[] = [];

  /** @param limit 1 or more. @param compare negative when `a` stands before `b` in the result. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#isBefore = compare;
  }

  add(item: T): void {
    const [root] = this.#heap;
    if (this.#heap.length < this.#limit) {
      this.#heap.push(item);
      this.#rise(this.#heap.length - 1);
    } else if (root !== undefined && this.#isBefore(item, root) < 0) {
      this.#heap[0] = item;
      this.#sink();
    }
  }

  /** The items that are kept, in the order of `compare`. */
  list(): T[] {
    return this.#heap.toSorted(this.#isBefore);
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >>> 1;
      if (!this.#swapUnlessLast(parent, index)) return;
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const last = this.#last(left, right);
      if (last >= this.#heap.length || !this.#swapUnlessLast(index, last)) return;
      index = last;
    }
  }

  /** The one of two children that stands later in the result. */
  #last(left: number, right: number): number {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return a !== undefined && b !== undefined && this.#isBefore(a, b) < 0 ? right : left;
  }

  /** Swaps the child with its parent if it stands later in the result, and says whether it did. */
  #swapUnlessLast(parent: number, child: number): boolean {
    const [a, b] = [this.#heap[parent], this.#heap[child]];
    if (a === undefined || b === undefined || this.#isBefore(a, b) >= 0) return false;
    [this.#heap[parent], this.#heap[child]] = [b, a];
    return true;
  }
}
