/** A quantity that is measured once in each round. */
export interface Figure {
  name: string;
  unit: string;
  /** In the order of the rounds. */
  repeats: number[];
  median: number;
  /** What the median should be. */
  goal?: Goal;
}

export type Goal = { atLeast: number } | { atMost: number };

/** Whether the median of a figure or ratio is what it should be. A ratio's goal is its minimum. */
export function meetsGoal({ median, goal }: Pick<Figure, 'median' | 'goal'> | Pick<Ratio, 'median' | 'goal'>): boolean {
  if (goal === undefined) return true;
  if (typeof goal === 'number') return median >= goal;
  return 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
}

/** The ratio of two figures of the same rounds. */
export interface Ratio {
  name: string;
  /** Dividend and divisor, by the names of the figures. */
  of: string;
  /**
   * The ratio of each round. Both figures were measured in the same round, which reduces the effect of other load on
   * the machine.
   */
  repeats: number[];
  median: number;
  /** Minimum that it should reach. */
  goal?: number;
}

/** Collects the measurements of a subject's rounds. */
export class Measurements {
  readonly #figures = new Map<string, { unit: string; repeats: number[]; goal?: Goal }>();
  readonly #ratios: Ratio[] = [];

  add(name: string, unit: string, value: number): void {
    const known = this.#figures.get(name);
    if (known === undefined) this.#figures.set(name, { unit, repeats: [value] });
    else known.repeats.push(value);
  }

  /** Throws RangeError when the figure was not measured. */
  goal(name: string, goal: Goal): void {
    this.#figure(name).goal = goal;
  }

  /** Throws RangeError when one of the two was not measured, or not as often as the other. */
  ratio(name: string, dividend: string, divisor: string, goal?: number): void {
    const [above, below] = [this.#figure(dividend).repeats, this.#figure(divisor).repeats];
    if (above.length !== below.length) throw new RangeError(`${dividend} and ${divisor} are not of the same rounds.`);
    const repeats = above.map((value, round) => value / (below[round] ?? Number.NaN));
    const of = `${dividend} ÷ ${divisor}`;
    this.#ratios.push({ name, of, repeats, median: median(repeats), ...(goal === undefined ? {} : { goal }) });
  }

  get figures(): Figure[] {
    return [...this.#figures].map(([name, figure]) => ({ name, ...figure, median: median(figure.repeats) }));
  }

  get ratios(): Ratio[] {
    return [...this.#ratios];
  }

  #figure(name: string) {
    const figure = this.#figures.get(name);
    if (figure === undefined) throw new RangeError(`Nothing was measured as ${name}.`);
    return figure;
  }
}

/** The middle of the values, or the mean of the two in the middle. NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The smallest value that `share` (0-1) of all values do not exceed: the nearest rank. NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
